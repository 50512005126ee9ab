package dev.relais.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoadsTest {
    private static final double EXACT = 1e-9;

    private int busy;
    private int unready;
    private long busyNanos;
    private int waiting;
    private long ended;
    private long failed;
    private long cpuNanos;
    private double memory = 0.5;
    private long nanos = Long.MAX_VALUE - 10; // so that it overflows soon, as System.nanoTime may
    private final Loads loads = new Loads(
            new Loads.Source() {
                @Override
                public int busy() {
                    return busy;
                }

                @Override
                public int unready() {
                    return unready;
                }

                @Override
                public long busyNanos(long nowNanos) {
                    assertEquals(nanos, nowNanos);
                    return busyNanos;
                }

                @Override
                public int children() {
                    return 8;
                }

                @Override
                public int waiting() {
                    return waiting;
                }

                @Override
                public long ended() {
                    return ended;
                }

                @Override
                public long failed() {
                    return failed;
                }

                @Override
                public long cpuNanos() {
                    return cpuNanos;
                }

                @Override
                public double processors() {
                    return 2;
                }

                @Override
                public double memoryShare() {
                    return memory;
                }
            },
            () -> nanos);

    private LoadReport.Values after(int seconds) {
        nanos += TimeUnit.SECONDS.toNanos(seconds);
        busyNanos += TimeUnit.SECONDS.toNanos(seconds) * (busy - unready);
        loads.measure();
        return loads.report().values();
    }

    @Test
    void theFirstIntervalCountsAsItIs() {
        busy = 2;
        ended = 300;
        failed = 3;
        LoadReport.Values values = after(2);
        assertEquals(0.25, values.application(), EXACT);
        assertEquals(150, values.rps(), EXACT);
        assertEquals(1.5, values.eps(), EXACT);
        assertEquals(0.5, values.memory(), EXACT);
        assertEquals(-1, values.cpu(), "nothing to compare with yet");
    }

    @Test
    void whatRunsBetweenTwoLooksCountsThoughNothingRunsAtThem() {
        busyNanos = TimeUnit.MILLISECONDS.toNanos(400);
        assertEquals(0.025, after(2).application(), EXACT);
    }

    @Test
    void aChildThatIsNotReadyIsLoad() {
        busy = 3;
        unready = 2;
        assertEquals(3 / 8.0, after(1).application(), EXACT);
    }

    /** As after a switch to another generation, whose children have run nothing yet. */
    @Test
    void otherChildrenCountAsTheyAreWhenFirstSeen() {
        busy = 4;
        assertEquals(0.5, after(10).application(), EXACT);
        busyNanos = -TimeUnit.SECONDS.toNanos(4);
        assertEquals(0.5, after(1).application(), EXACT);
        busy = 0;
        assertEquals(0.35, after(1).application(), EXACT);
    }

    @Test
    void moreThanAllChildrenCannotRun() {
        busy = 8;
        unready = 4;
        busyNanos = TimeUnit.SECONDS.toNanos(8);
        assertEquals(1, after(1).application(), EXACT);
    }

    @Test
    void laterIntervalsAreFollowedWithinSomeSeconds() {
        after(1);
        busy = 8;
        LoadReport.Values values = after(1);
        assertEquals(0.3, values.application(), EXACT);
        for (int i = 0; i < 8; i++) {
            values = after(1);
        }
        assertTrue(values.application() > 0.94 && values.application() < 1, () -> loads.report()
                .value(LoadReport.Format.TEXT));
    }

    @Test
    void theProcessorsAreThoseThatMayBeUsed() {
        cpuNanos = TimeUnit.SECONDS.toNanos(50);
        after(1);
        cpuNanos += TimeUnit.SECONDS.toNanos(1);
        assertEquals(0.5, after(1).cpu(), EXACT);
        cpuNanos = -1; // no longer to be read
        assertEquals(0.5, after(1).cpu(), EXACT);
    }

    @Test
    void whoWaitsForAChildIsLoadAndWhoWaitsForALimitIsNot() {
        busy = 8;
        waiting = 8;
        assertEquals(2, after(1).application(), EXACT);
        assertEquals(8, loads.report().values().queue());
    }

    @Test
    void whoWaitsForAFunctionsOwnLimitIsNoLoad() {
        busy = 4;
        waiting = 1000;
        assertEquals(0.5, after(1).application(), EXACT);
        assertEquals(0, loads.saturatedNanos(nanos));
    }

    @Test
    void itIsSaturatedSinceTheFirstLookThatHasFoundItSo() {
        busy = 8;
        waiting = 1;
        after(1);
        assertTrue(loads.saturatedNanos(nanos) > 0);
        after(3);
        assertEquals(TimeUnit.SECONDS.toNanos(3), loads.saturatedNanos(nanos));
        waiting = 0;
        after(1);
        assertEquals(0, loads.saturatedNanos(nanos));
    }

    @Test
    void aLookThatComesAtOnceDividesByNothing() {
        after(1);
        LoadReport before = loads.report();
        loads.measure();
        assertEquals(before, loads.report());
    }
}
