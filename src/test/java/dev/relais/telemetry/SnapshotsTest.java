package dev.relais.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.functions.FunctionsStatus;
import dev.relais.functions.Reload;
import dev.relais.worker.Generations;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class SnapshotsTest {
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

    private final List<Boolean> looks = new ArrayList<>(); // whether at the processes, too
    private long nanos = Long.MAX_VALUE - 1; // so that it overflows soon, as System.nanoTime may
    private final Snapshots snapshots = new Snapshots(source(), Clock.fixed(NOON, ZoneOffset.UTC), () -> nanos);

    private boolean changed; // since the last look

    private Snapshots.Source source() {
        return new Snapshots.Source() {
            @Override
            public Snapshot look(boolean processes, Instant now, long nowNanos) {
                changed = false;
                return snapshot(processes, now, nowNanos);
            }

            @Override
            public boolean isCurrent(Snapshot snapshot) {
                return !changed;
            }
        };
    }

    private Snapshot snapshot(boolean processes, Instant now, long nowNanos) {
        looks.add(processes);
        return new Snapshot(
                now,
                nowNanos,
                0,
                false,
                new FunctionsStatus(Path.of("/functions"), looks.size(), 0, 0, null, now),
                Reload.FILES,
                new Generations.Status(1, now, Generations.State.SERVING, null, 0, 0, 0, 0),
                new Snapshot.Queue(0, 10, 4, 0),
                new Snapshot.Load(LoadReport.NONE.values(), 0),
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void theFirstReaderHasOneMade() {
        assertEquals(NOON, snapshots.recent().sampledAt());
        assertEquals(List.of(false), looks);
    }

    @Test
    void allGaugesOfAScrapeReadOneAndTheNextScrapeAnother() {
        snapshots.take();
        Snapshot taken = snapshots.recent();
        pass(Duration.ofMillis(99));
        assertSame(taken, snapshots.recent());
        pass(Duration.ofMillis(1));
        Snapshot next = snapshots.recent();

        assertNotSame(taken, next);
        assertSame(next, snapshots.recent());
        assertEquals(List.of(false, false), looks);
    }

    /** The first request of an operator in each second causes the look. */
    @Test
    void theProcessesAreLookedAtForOperatorsOnlyAndOnceASecond() {
        snapshots.take();
        Snapshot whole = snapshots.whole();
        pass(Duration.ofMillis(999));
        snapshots.take(); // knows less
        assertSame(whole, snapshots.whole());
        pass(Duration.ofMillis(1));

        assertNotSame(whole, snapshots.whole());
        assertEquals(List.of(false, true, false, true), looks);
    }

    @Test
    void whatWasPublishedBeforeTheCallIsInIt() {
        Snapshot whole = snapshots.whole();
        changed = true;

        assertNotSame(whole, snapshots.whole());
        assertEquals(List.of(true, true), looks);
    }

    @Test
    void manyReadersAtATimeMakeOne() throws Exception {
        int readers = 8;
        ExecutorService threads = Executors.newFixedThreadPool(readers);
        try {
            CountDownLatch begin = new CountDownLatch(1);
            List<Future<Snapshot>> read = new ArrayList<>();
            for (int i = 0; i < readers; i++) {
                read.add(threads.submit(() -> {
                    begin.await();
                    return snapshots.whole();
                }));
            }
            begin.countDown();
            Snapshot one = read.get(0).get();
            for (Future<Snapshot> other : read) {
                assertSame(one, other.get());
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(List.of(true), looks);
    }

    @Test
    void aPlaceWithoutAWorkerHasNone() {
        assertEquals(null, snapshots.recent().worker(0));
        assertFalse(snapshots.recent().draining());
        assertTrue(snapshots.recent().workers().isEmpty());
    }
}
