package dev.relais.lifecycle;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.Phase;
import dev.relais.events.Event;
import dev.relais.events.Events;
import dev.relais.events.StopEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Uses work that is only counted, and a clock that only the pauses move. */
class DrainTest {
    private static final long MILLI = 1_000_000;

    private final Phase phase = new Phase();
    private final Events events = new Events();
    private final Counted work = new Counted();
    private final List<String> order = new ArrayList<>();
    private final AtomicBoolean exited = new AtomicBoolean();
    private Duration delay = Duration.ofSeconds(5);
    private Duration timeout = Duration.ofSeconds(30);
    private long begin = Long.MAX_VALUE - 1; // wraps in the middle, as nanoTime may
    private long now = begin;

    private final class Counted implements AcceptedWork {
        private long answeredAt; // milliseconds after the begin
        private long finishedAt;
        private long acceptedAgainAt = Long.MAX_VALUE; // a request that was in the kernel's buffer
        private int idleClosed;

        @Override
        public void stopAccepting() {
            order.add("closed after " + passed() + " ms, draining " + phase.isDraining());
        }

        @Override
        public void closeIdle(long nanos) {
            assertEquals(Drain.QUIET_NANOS, nanos);
            idleClosed++;
        }

        @Override
        public long inFlight() {
            boolean again = passed() >= acceptedAgainAt && passed() < acceptedAgainAt + 1_000;
            return (passed() < answeredAt ? 2 : 0) + (again ? 1 : 0);
        }

        @Override
        public int finishing() {
            return passed() < finishedAt ? 1 : 0;
        }
    }

    private long passed() {
        return (now - begin) / MILLI;
    }

    private Drain drain() {
        LifecycleConfig config = new LifecycleConfig() {
            @Override
            public Duration delay() {
                return delay;
            }

            @Override
            public Duration timeout() {
                return timeout;
            }
        };
        return new Drain(
                config,
                phase,
                work,
                () -> order.add("switching stopped, draining " + phase.isDraining()),
                events,
                () -> now,
                nanos -> now += nanos,
                () -> {
                    order.add("exit after " + passed() + " ms");
                    exited.set(true);
                });
    }

    private List<Event> told() {
        return events.last().stream().map(Events.Entry::event).toList();
    }

    @Test
    void readinessGoesDownFirstAndThePortClosesAfterTheDelay() {
        drain().run();

        assertEquals(
                List.of(
                        "switching stopped, draining true",
                        "closed after 5000 ms, draining true",
                        "exit after 5300 ms"),
                order);
        assertEquals(List.of(new StopEvent.Begun()), told());
        assertTrue(work.idleClosed > 0);
    }

    @Test
    void itWaitsForAnswersAndForScriptsThatGoOn() {
        delay = Duration.ZERO;
        work.answeredAt = 4_000;
        work.finishedAt = 9_000;
        drain().run();

        assertEquals("exit after 9290 ms", order.get(order.size() - 1));
        assertEquals(List.of(new StopEvent.Begun()), told());
    }

    @Test
    void aRequestThatComesOutOfTheKernelsBufferIsWaitedForToo() {
        delay = Duration.ZERO;
        work.answeredAt = 100;
        work.acceptedAgainAt = 300; // within the quiet time
        drain().run();

        assertEquals("exit after 1590 ms", order.get(order.size() - 1));
    }

    @Test
    void whatStillRunsAtTheDeadlineIsBrokenOffAndTold() {
        delay = Duration.ZERO;
        work.answeredAt = 60_000;
        work.finishedAt = 60_000;
        drain().run();

        assertEquals("exit after 30000 ms", order.get(order.size() - 1));
        assertEquals(List.of(new StopEvent.Begun(), new StopEvent.TimedOut(2, 1)), told());
    }

    @Test
    void withoutATimeNothingIsWaitedFor() {
        delay = Duration.ZERO;
        timeout = Duration.ZERO;
        work.answeredAt = 60_000;
        drain().run();

        assertEquals("exit after 0 ms", order.get(order.size() - 1));
        assertEquals(List.of(new StopEvent.Begun(), new StopEvent.TimedOut(2, 0)), told());
    }

    @Test
    void aSignalAfterTheStartDrainsOnceHoweverOftenItComes() {
        Drain drain = drain();
        drain.waits();
        drain.started();
        drain.begin();
        drain.begin();

        await().untilTrue(exited);
        assertEquals(1, order.stream().filter(step -> step.startsWith("exit")).count());
    }

    @Test
    void aSignalInTheStartBreaksItOff() throws InterruptedException {
        Drain drain = drain();
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread start = new Thread(() -> {
            drain.waits();
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
        });
        start.start();
        await().until(() -> start.getState() == Thread.State.TIMED_WAITING);
        drain.begin();
        start.join(10_000);

        assertTrue(interrupted.get());
        assertTrue(drain.isBegun());
        assertThrows(StoppedEarly.class, drain::waits);
        assertThrows(StoppedEarly.class, drain::started);
        assertFalse(exited.get(), "who starts gives up");
        assertEquals(List.of(), order);
    }
}
