package dev.relais.lifecycle;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.Phase;
import dev.relais.events.Event;
import dev.relais.events.Events;
import dev.relais.events.GenerationEvent;
import dev.relais.functions.CodeChanges;
import dev.relais.testing.Patience;
import dev.relais.worker.Generations;
import dev.relais.worker.Generations.Asked;
import dev.relais.worker.Generations.Outcome;
import dev.relais.worker.Generations.Result;
import dev.relais.worker.Generations.State;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Uses steps that are only recorded, each of which waits until it may go on, and clocks that stand. */
class SwitcherTest {
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

    private final Generations generations = new Generations();
    private final Phase phase = new Phase();
    private final Events events = new Events();
    private final Written steps = new Written();
    private final Directory directory = new Directory();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    private final Switcher switcher =
            new Switcher(generations, directory, phase, steps, events, Clock.fixed(NOON, ZoneOffset.UTC), nanos::get);

    /** The functions directory. */
    private static final class Directory implements CodeChanges {
        private volatile Runnable listener = () -> {};
        private volatile boolean changed;

        @Override
        public void onChanged(Runnable told) {
            listener = told;
        }

        @Override
        public boolean haveChanged() {
            return changed;
        }
    }

    private final class Written implements Steps {
        private final List<String> steps = new CopyOnWriteArrayList<>();
        private final Semaphore mayTakeOver = new Semaphore(0);
        private final Semaphore mayRetire = new Semaphore(0);
        private volatile String warmUpProblem;
        private volatile Exception problem; // of the next take-over; null: none
        private volatile int serving = 1;
        private volatile boolean learnsFirst;

        @Override
        public String warmFirst(boolean compile) {
            steps.add("warm first " + compile);
            return warmUpProblem;
        }

        @Override
        public boolean learnsFirst() {
            return learnsFirst;
        }

        @Override
        public Former takeOver(int number) throws SwitchProblem, InterruptedException {
            steps.add("take over " + number);
            mayTakeOver.acquire();
            nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(310));
            if (problem instanceof SwitchProblem expected) {
                throw expected;
            }
            if (problem instanceof RuntimeException unforeseen) {
                throw unforeseen;
            }
            int former = serving;
            serving = number;
            return new Former() {
                @Override
                public int number() {
                    return former;
                }

                @Override
                public int retire() throws InterruptedException {
                    steps.add("retire " + former);
                    mayRetire.acquire();
                    return 3;
                }
            };
        }

        @Override
        public void endOthers() {
            steps.add("end others");
        }
    }

    private void start() {
        switcher.start(true);
        steps.steps.clear();
    }

    private Asked ask() {
        return generations.ask("somebody wants it");
    }

    private void awaitStep(String step) {
        await(step).until(() -> steps.steps.contains(step));
    }

    private Outcome outcome(Asked asked) {
        return asked.outcome()
                .toCompletableFuture()
                .copy()
                .orTimeout(Patience.SECONDS, TimeUnit.SECONDS)
                .join();
    }

    private List<Event> told() {
        return events.last().stream().map(Events.Entry::event).toList();
    }

    @Test
    void whatTheFirstWarmUpHasUsedIsPreloadedByASecondGenerationAtOnce() {
        steps.learnsFirst = true;
        switcher.start(true);
        awaitStep("take over 2");
    }

    @Test
    void afterAFailedWarmUpNothingIsLearned() {
        steps.learnsFirst = true;
        steps.warmUpProblem = "a call was answered with 500";
        switcher.start(true);
        assertEquals(2, ask().number());
    }

    @AfterEach
    void stop() {
        switcher.stop();
    }

    /** Otherwise it would be held until something else changes. */
    @Test
    void whatHasChangedWhileNobodyListenedIsNotForgotten() {
        directory.changed = true;
        switcher.start(false);
        awaitStep("take over 2");
    }

    @Test
    void nobodyIsHeardBeforeTheStart() {
        assertNull(ask());
    }

    @Test
    void theFirstGenerationIsWarmedAndServesWhateverComesOfIt() {
        steps.warmUpProblem = "warm-up call /api/x was answered with 500";
        switcher.start(false);

        assertEquals(List.of("warm first false"), steps.steps);
        assertEquals(List.of(new GenerationEvent.WarmUpFailed(1, steps.warmUpProblem)), told());
        assertFalse(ask() == null);
    }

    @Test
    void aSwitchGoesThroughItsStepsAndTellsOfThem() {
        start();
        Asked asked = ask();
        assertEquals(2, asked.number());
        steps.mayTakeOver.release();

        assertEquals(new Outcome(2, Result.SWITCHED, null), outcome(asked));
        assertEquals(State.DRAINING, generations.status().state());
        assertEquals(2, generations.status().number());
        assertEquals(NOON, generations.status().since());
        steps.mayRetire.release();
        await().until(() -> generations.status().state() == State.SERVING);
        assertEquals(3, generations.status().ended());
        assertEquals(1, generations.status().switches());
        assertEquals(List.of("take over 2", "retire 1"), steps.steps);
        assertEquals(
                List.of(new GenerationEvent.Started(2, "somebody wants it"), new GenerationEvent.Switched(2, 1, 310)),
                told());
    }

    @Test
    void wishesThatComeMeanwhileShareTheNextSwitch() {
        start();
        Asked first = ask();
        awaitStep("take over 2");
        Asked second = ask();
        Asked third = ask();

        assertEquals(3, second.number());
        assertEquals(3, third.number());
        steps.mayTakeOver.release(2);
        steps.mayRetire.release(2);
        assertEquals(2, outcome(first).number());
        assertEquals(3, outcome(second).number());
        assertEquals(Result.SWITCHED, outcome(third).result());
        awaitStep("retire 2");
        assertEquals(List.of("take over 2", "retire 1", "take over 3", "retire 2"), steps.steps);
    }

    @Test
    void theReasonOfAFailureIsKeptAndTheOldOneGoesOn() {
        start();
        steps.problem = new SwitchProblem("it does not start");
        Asked asked = ask();
        steps.mayTakeOver.release();

        assertEquals(new Outcome(2, Result.FAILED, "it does not start"), outcome(asked));
        assertEquals(1, generations.status().number());
        assertEquals(State.SERVING, generations.status().state());
        assertEquals("it does not start", generations.status().problem());
        assertEquals(1, generations.status().failures());
        assertEquals(0, generations.status().refusals());
        assertTrue(told().contains(new GenerationEvent.Refused(2, 1, "it does not start")), told()::toString);
    }

    @Test
    void oneForWhichThereIsNoMemoryIsRefusedAndTheNextNumberIsAnother() {
        start();
        steps.problem = new SwitchProblem(Result.REFUSED, "no memory");
        Asked refused = ask();
        steps.mayTakeOver.release();
        assertEquals(Result.REFUSED, outcome(refused).result());
        assertEquals(1, generations.status().refusals());
        steps.problem = null;
        Asked next = ask();
        steps.mayTakeOver.release();

        assertEquals(3, outcome(next).number());
        assertNull(generations.status().problem());
    }

    @Test
    void afterAnUnforeseenFailureNothingOfItIsLeftAndTheNextIsTaken() {
        start();
        steps.problem = new IllegalStateException("a fault");
        Asked failed = ask();
        steps.mayTakeOver.release();
        assertTrue(outcome(failed).problem().startsWith("internal: "));
        awaitStep("end others");
        steps.problem = null;
        Asked next = ask();
        steps.mayTakeOver.release();

        assertEquals(Result.SWITCHED, outcome(next).result());
    }

    @Test
    void aChangeThatASwitchHasTakenAlongNeedsNoneOfItsOwn() {
        start();
        directory.changed = true;
        directory.listener.run();
        awaitStep("take over 2");
        directory.listener.run(); // for a change of which the load of 2 was told, too
        directory.changed = false;
        steps.mayTakeOver.release();
        steps.mayRetire.release();
        await().until(() ->
                generations.status().switches() == 1 && generations.status().state() == State.SERVING);
        Asked next = ask();

        assertEquals(3, next.number());
        steps.mayTakeOver.release();
        outcome(next);
        assertEquals(2, generations.status().switches());
    }

    @Test
    void aChangeThatSomebodyAsksForTooIsSwitchedToInAnyCase() {
        start();
        Asked first = ask();
        awaitStep("take over 2");
        directory.listener.run();
        Asked both = ask();
        steps.mayTakeOver.release(2);
        steps.mayRetire.release(2);

        assertEquals(2, outcome(first).number());
        assertEquals(3, outcome(both).number());
    }

    @Test
    void theStopBreaksOffWhatIsUnderWayAndWhatWaits() {
        start();
        Asked running = ask();
        awaitStep("take over 2");
        Asked waiting = ask();
        switcher.stop();

        for (Asked asked : List.of(running, waiting)) {
            CompletionException e = assertThrows(CompletionException.class, () -> outcome(asked));
            assertTrue(e.getCause() instanceof CancellationException, e::toString);
        }
        assertNull(ask());
        assertFalse(steps.steps.contains("end others"), "the gateway ends all of them itself");
    }

    @Test
    void whileTheGatewayDrainsNobodyIsHeard() {
        start();
        phase.drain();

        assertNull(ask());
    }
}
