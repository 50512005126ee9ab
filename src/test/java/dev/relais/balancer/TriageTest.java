package dev.relais.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.events.Event;
import dev.relais.events.WorkerEvent;
import dev.relais.slot.Slots;
import dev.relais.slot.Worker;
import io.netty.channel.DefaultEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The states of workers from sample to sample, which are a second apart by the test's own clock. */
class TriageTest {
    private static final int CHILDREN = 8;
    private static final Interval USUAL = new Interval(100, 100, 0, 0, false, 0);
    private static final Interval SLOW = new Interval(100, 1_000, 0, 0, false, 0);
    private static final Interval FAILING = new Interval(0, 0, 100, 90, false, 0);
    private static final Interval POISONED = new Interval(50, 50, 50, 1, false, 0);
    private static final Interval STALLED = new Interval(0, 0, 0, 0, true, 0);
    /** Usual exchanges, and then ten slow ones. */
    private static final Interval SLOW_RUN = new Interval(60, 150, 0, 0, false, 10);

    private static final Interval BEGINNING = new Interval(60, 120, 0, 0, false, 7);
    private static final Interval GOOD_PROBE = new Interval(1, 1, 0, 0, false, 0);
    private static final Interval SLOW_PROBE = new Interval(1, 10, 0, 0, false, 0);
    private static final Interval FAILED_PROBE = new Interval(0, 0, 1, 1, false, 0);

    private final List<WorkerHealth> healths = new ArrayList<>();
    private final List<Worker> workers = new ArrayList<>();
    private final List<Event> told = new ArrayList<>();
    private long seconds;
    private long requests = 500; // of all workers, in each sample

    private void start(int count) {
        workers.addAll(Slots.workers(count, CHILDREN, List.of(new DefaultEventLoop())));
        workers.forEach(worker -> healths.add(new WorkerHealth(CHILDREN, Tuning.RELAIS)));
    }

    private long now() {
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    /**
     * Takes a sample.
     *
     * @param intervals of the first workers; the others are as usual
     */
    private void sample(Interval... intervals) {
        seconds++;
        List<Triage.Patient> all = new ArrayList<>();
        for (int i = 0; i < healths.size(); i++) {
            healths.get(i).take(i < intervals.length ? intervals[i] : USUAL, requests);
            all.add(new Triage.Patient(workers.get(i), healths.get(i), true));
        }
        Triage.decide(all, now(), told::add);
    }

    private long out() {
        return healths.stream().filter(health -> health.state().isOut()).count();
    }

    private WorkerHealth first() {
        return healths.get(0);
    }

    private List<Integer> returnOf(Interval interval) {
        List<Integer> allowances = new ArrayList<>();
        do {
            sample(interval);
            allowances.add(first().allowance());
        } while (first().state() == WorkerState.RETURNING);
        return allowances;
    }

    @Test
    void aSlowWorkerIsHeldUntilAProbeIsFastAndReturnsSlowly() {
        start(4);
        sample(SLOW);
        assertEquals(WorkerState.HELD, first().state());
        assertEquals(0, first().allowance());
        sample(Interval.NOTHING);
        assertTrue(first().isProbeDue(now()));
        sample(SLOW_PROBE);
        assertEquals(WorkerState.HELD, first().state());

        assertEquals(List.of(1), returnOf(GOOD_PROBE).subList(0, 1));
        assertEquals(WorkerState.NORMAL, first().state());
        assertEquals(CHILDREN, first().allowance());
    }

    @Test
    void theReturnDoublesAtEachGoodSample() {
        start(4);
        sample(SLOW);
        assertEquals(List.of(1, 2, 4, 8), returnOf(GOOD_PROBE));
    }

    @Test
    void aWorkerThatIsSlowAgainDuringItsReturnGoesOutAtOnce() {
        start(4);
        sample(SLOW);
        sample(GOOD_PROBE);
        sample(SLOW_PROBE);
        assertEquals(WorkerState.HELD, first().state());
    }

    @Test
    void eachChangeIsTold() {
        start(4);
        sample(SLOW);
        returnOf(GOOD_PROBE);

        assertEquals(
                List.of("held", "returning", "normal"),
                told.stream()
                        .map(event ->
                                event instanceof WorkerEvent.Out out ? out.state() : ((WorkerEvent.Back) event).state())
                        .toList());
    }

    @Test
    void aRunOfSlowExchangesHoldsItsWorkerBeforeTheMeanShowsIt() {
        start(4);
        sample(SLOW_RUN);
        assertEquals(WorkerState.HELD, first().state());
        assertTrue(first().score() >= 3, "so that its children are left alone");
    }

    @Test
    void oneOfTwoIsHeldForARunOfSlowExchanges() {
        start(2);
        sample(SLOW_RUN);
        assertEquals(WorkerState.HELD, first().state());
    }

    @Test
    void aRunOfSlowExchangesSaysNothingWhereTheOthersBecomeSlowToo() {
        start(4);
        sample(SLOW_RUN, BEGINNING, BEGINNING, BEGINNING);
        assertEquals(0, out());
    }

    @Test
    void aFailingWorkerIsEjectedAndTriedAfterAGrowingWhile() {
        start(4);
        sample(FAILING);
        assertEquals(WorkerState.EJECTED, first().state());
        List<Integer> waits = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            int waited = 0;
            while (!first().isProbeDue(now())) {
                sample(Interval.NOTHING);
                waited++;
            }
            waits.add(waited);
            sample(FAILED_PROBE);
        }
        assertEquals(List.of(1, 2, 4, 8, 16, 32, 60, 60, 60), waits);
    }

    @Test
    void aFunctionThatAlwaysFailsEjectsNobody() {
        start(4);
        for (int i = 0; i < 20; i++) {
            sample(POISONED);
        }
        assertEquals(0, out());
    }

    @Test
    void aStalledWorkerIsEjectedAtTheNextSampleAndReturnsAfterItsProbe() {
        start(4);
        sample(STALLED);
        assertEquals(WorkerState.EJECTED, first().state());
        sample(STALLED);
        assertEquals(WorkerState.EJECTED, first().state());
        sample(SLOW_PROBE); // what had been stopped ends, late
        assertEquals(WorkerState.RETURNING, first().state());
    }

    @Test
    void aWorkerThatStandsStillIsNotTriedBeforeAMinuteHasPassed() {
        start(4);
        for (int i = 0; i < 61; i++) {
            sample(STALLED);
            assertFalse(first().isProbeDue(now()));
        }
        sample(STALLED);
        assertTrue(first().isProbeDue(now()));
    }

    @Test
    void aProbeIsOneOf500Requests() {
        start(4);
        requests = 100;
        sample(SLOW);
        for (int i = 0; i < 4; i++) {
            sample(Interval.NOTHING);
            assertFalse(first().isProbeDue(now()));
        }
        sample(Interval.NOTHING);
        assertTrue(first().isProbeDue(now()));
    }

    @Test
    void aQuietServiceIsProbedAfterAMinute() {
        start(4);
        sample(SLOW);
        requests = 0;
        for (int i = 0; i < 60; i++) {
            sample(Interval.NOTHING);
            assertFalse(first().isProbeDue(now()));
        }
        sample(Interval.NOTHING);
        assertTrue(first().isProbeDue(now()));
    }

    @Test
    void oneOfTwoMayBeOutAndTheOtherThenNot() {
        start(2);
        sample(SLOW);
        assertEquals(1, out());
        sample(Interval.NOTHING, FAILING);
        assertEquals(1, out());
    }

    @Test
    void neverMoreThanHalfAreOut() {
        start(5);
        sample(STALLED, FAILING, SLOW);
        assertEquals(2, out());
        sample(STALLED, FAILING, SLOW);
        assertEquals(2, out());
    }

    @Test
    void theOnlyWorkerIsNeverOut() {
        start(1);
        sample(FAILING);
        sample(STALLED);
        assertEquals(0, out());
    }

    @Test
    void longRunsEverywhereAreNoStall() {
        start(4);
        sample(STALLED, STALLED, STALLED, STALLED);
        assertEquals(0, out());
    }

    @Test
    void allSlowAlikeAreNoReasonToHoldAny() {
        start(4);
        sample(SLOW, SLOW, SLOW, SLOW);
        assertEquals(0, out());
    }

    @Test
    void anEjectedWorkerIsUsedAgainWhenItIsTheLastThatServes() {
        start(2);
        sample(FAILING);
        assertEquals(1, out());
        seconds++;
        first().take(Interval.NOTHING, requests);
        Triage.decide(
                List.of(
                        new Triage.Patient(workers.get(0), healths.get(0), true),
                        new Triage.Patient(workers.get(1), healths.get(1), false)),
                now(),
                told::add);
        assertEquals(WorkerState.NORMAL, first().state());
        assertFalse(first().isProbeDue(now()));
    }
}
