package dev.relais.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.events.Event;
import dev.relais.events.Events;
import dev.relais.events.GenerationEvent;
import dev.relais.functions.Candidate;
import dev.relais.functions.FunctionRegistry;
import dev.relais.system.CgroupMemory;
import dev.relais.worker.Generations;
import dev.relais.worker.Generations.Result;
import dev.relais.worker.Generations.State;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Uses crews and functions that record what is done to them, and a clock that only the pauses move. */
class SuccessionTest {
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
    private static final long MILLI = 1_000_000;

    private final List<String> order = new ArrayList<>();
    private final Events events = new Events();
    private final Generations generations = new Generations();
    private final ScriptedFunctions functions = new ScriptedFunctions(order);
    private final Group crews = new Group();
    private long begin = Long.MAX_VALUE - 1; // wraps in the middle, as nanoTime may
    private long now = begin;
    private CgroupMemory.Room room; // null: no limit
    private String failure; // of the next generation; null: none
    private SwitchProblem warmUpProblem;
    private long wholeAfterMillis = 50;
    private long drainedAfterMillis = 100;
    private boolean endsInTime = true;
    private Map<Path, String> learned = Map.of();
    private String failsWithPreload = "";
    private final List<Integer> preloads = new ArrayList<>();

    private final Succession succession = new Succession(
            Duration.ofSeconds(3),
            Duration.ofSeconds(10),
            functions,
            crews,
            generations,
            events,
            () -> room,
            Clock.fixed(NOON, ZoneOffset.UTC),
            new Pauses() {
                @Override
                public long nanos() {
                    return now;
                }

                @Override
                public void step() {
                    now += STEP_MILLIS * MILLI;
                }
            });

    private final class Group implements Crews {
        private Crew serving = new One(1);
        private final List<Crew> others = new ArrayList<>();

        @Override
        public Crew serving() {
            return serving;
        }

        @Override
        public Crew begin(int number, Map<Path, String> preload) {
            preloads.add(preload.size());
            order.add("begin " + number + " while " + generations.status().state());
            One next = new One(number);
            others.add(next);
            return next;
        }

        @Override
        public List<Crew> others() {
            return others;
        }
    }

    private final class One implements Crew {
        private final int number;
        private final long began = now;
        private long left;

        One(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }

        @Override
        public boolean isWhole() {
            return number == 1 || now - began >= wholeAfterMillis * MILLI;
        }

        @Override
        public String failure() {
            return number == 1 ? null : failure;
        }

        @Override
        public long memoryBytes() {
            return 100 << 20;
        }

        @Override
        public Map<Path, String> learn(FunctionRegistry now, Candidate next) {
            return learned;
        }

        @Override
        public void warmUp(Candidate candidate) throws SwitchProblem {
            if (!failsWithPreload.isEmpty() && preloads.get(preloads.size() - 1) > 0) {
                throw new SwitchProblem(failsWithPreload);
            }
            order.add("warm up " + number + " while " + generations.status().state());
            if (warmUpProblem != null) {
                throw warmUpProblem;
            }
        }

        @Override
        public void answerCalls(Candidate candidate) {
            order.add("answer calls " + number);
        }

        @Override
        public void serve() {
            order.add("serve " + number);
            crews.serving = this;
        }

        @Override
        public void leave() {
            order.add("leave " + number + " while " + generations.status().state());
            left = now;
        }

        @Override
        public boolean isDrained() {
            return now - left >= drainedAfterMillis * MILLI;
        }

        @Override
        public int remaining() {
            return 3;
        }

        @Override
        public void end() throws TimeoutException {
            order.add("end " + number);
            if (!endsInTime) {
                throw new TimeoutException();
            }
        }
    }

    private List<Event> told() {
        return events.last().stream().map(Events.Entry::event).toList();
    }

    private SwitchProblem problem() {
        return assertThrows(SwitchProblem.class, () -> succession.takeOver(2));
    }

    @Test
    void theFunctionsAreInForceOnceTheNewWorkersServeAndTheOldOnesEndAfterThat() throws Exception {
        Steps.Former former = succession.takeOver(2);
        assertEquals(1, former.number());
        assertEquals(List.of("load", "begin 2 while STARTING", "warm up 2 while WARMING", "serve 2", "publish"), order);
        order.clear();

        assertEquals(0, former.retire());
        assertEquals(List.of("leave 1 while DRAINING", "end 1"), order);
        assertEquals(List.of(), told());
    }

    @Test
    void whatTheOldGenerationHasUsedIsPreloadedByTheNext() throws Exception {
        learned = Map.of(Path.of("/functions/A.php"), "A", Path.of("/functions/B.php"), "B");
        succession.takeOver(2);
        assertEquals(List.of(2), preloads);
        assertEquals(2, generations.preloaded());
        assertEquals(List.of(new GenerationEvent.Preloaded(2, 2)), told());
    }

    @Test
    void aGenerationThatFailsWithWhatWasLearnedIsStartedOnceMoreWithout() throws Exception {
        learned = Map.of(Path.of("/functions/A.php"), "A");
        failsWithPreload = "warm-up call /api/a was answered with 500";
        succession.takeOver(2);
        assertEquals(List.of(1, 0), preloads);
        assertEquals(0, generations.preloaded());
        assertEquals(List.of(new GenerationEvent.PreloadGivenUp(2, failsWithPreload)), told());
        assertEquals(
                List.of(
                        "load",
                        "begin 2 while STARTING",
                        "end 2",
                        "begin 2 while STARTING",
                        "warm up 2 while WARMING",
                        "serve 2",
                        "publish"),
                order);
    }

    @Test
    void aGenerationThatFailsWithoutItTooIsGivenUp() {
        learned = Map.of(Path.of("/functions/A.php"), "A");
        failure = "the master of worker 0 ended";
        assertEquals(failure, problem().getMessage());
        assertEquals(List.of(1, 0), preloads);
        assertEquals(0, generations.preloaded());
    }

    @Test
    void withoutRoomForTwoNothingIsStarted() {
        room = new CgroupMemory.Room(Path.of("/memory.max"), 150 << 20, 50 << 20);
        SwitchProblem problem = problem();

        assertEquals(Result.REFUSED, problem.result());
        assertEquals(List.of("load", "drop"), order);
    }

    @Test
    void aMasterThatEndsGivesItUpAtOnceAndNothingIsLeft() {
        failure = "the master of worker 0 ended";
        SwitchProblem problem = problem();

        assertEquals("the master of worker 0 ended", problem.getMessage());
        assertEquals(Result.FAILED, problem.result());
        assertEquals(List.of("load", "begin 2 while STARTING", "drop", "end 2"), order);
        assertEquals(begin, now);
    }

    @Test
    void childrenThatDoNotAnswerInTimeGiveItUp() {
        wholeAfterMillis = 60_000;
        SwitchProblem problem = problem();

        assertTrue(problem.getMessage().contains("relais.workers.start-timeout=3000ms"), problem.getMessage());
        assertEquals(3_005, (now - begin) / MILLI);
        assertEquals("end 2", order.get(order.size() - 1));
    }

    @Test
    void aWarmUpThatFailsGivesItUp() {
        warmUpProblem = new SwitchProblem("warm-up call /api/x was answered with 500");

        assertEquals(warmUpProblem, problem());
        assertEquals(List.of("load", "begin 2 while STARTING", "warm up 2 while WARMING", "drop", "end 2"), order);
    }

    @Test
    void aDirectoryThatCannotBeReadStartsNothing() {
        functions.unreadable = new IOException("functions.yaml: line 3");

        assertEquals("functions.yaml: line 3", problem().getMessage());
        assertEquals(List.of("load"), order);
    }

    @Test
    void aDirectoryThatChangesMeanwhileIsLoadedAnew() throws Exception {
        functions.changes = 2;
        succession.takeOver(2);

        assertEquals(3, order.stream().filter("load"::equals).count());
        assertEquals(2, order.stream().filter("end 2"::equals).count());
        assertEquals(List.of("serve 2", "publish"), order.subList(order.size() - 2, order.size()));
        assertEquals(List.of(new GenerationEvent.StartedAnew(2), new GenerationEvent.StartedAnew(2)), told());
    }

    @Test
    void theLastTryTakesFilesThatAreNoCodeAsTheyAre() throws Exception {
        functions.changes = Integer.MAX_VALUE;
        functions.onlyCodeStays = true;
        succession.takeOver(2);

        assertEquals(Succession.TRIES, order.stream().filter("load"::equals).count());
        assertEquals("publish", order.get(order.size() - 1));
    }

    @Test
    void codeThatChangesAllTheTimeIsGivenUp() {
        functions.changes = Integer.MAX_VALUE;

        assertTrue(problem().getMessage().contains("changes faster than a generation starts"));
        assertEquals(Succession.TRIES, order.stream().filter("end 2"::equals).count());
    }

    @Test
    void scriptsThatRunForTooLongAreEndedAndCounted() throws Exception {
        Steps.Former former = succession.takeOver(2);
        drainedAfterMillis = 60_000;
        long before = now;

        assertEquals(3, former.retire());
        assertEquals(10_005, (now - before) / MILLI);
        assertEquals(List.of(new GenerationEvent.ScriptsEnded(1, 3)), told());
        assertEquals("end 1", order.get(order.size() - 1));
    }

    @Test
    void oneThatDoesNotEndIsLeftToTheGuard() throws Exception {
        endsInTime = false;
        succession.takeOver(2).retire();

        assertEquals("end 1", order.get(order.size() - 1));
    }

    @Test
    void afterAFaultAllThatDoNotServeAreEnded() {
        crews.begin(2, Map.of());
        crews.begin(3, Map.of());
        order.clear();
        succession.endOthers();

        assertEquals(List.of("end 2", "end 3"), order);
    }

    @Test
    void theFirstGenerationIsCompiledWithGenerationsAlone() throws Exception {
        assertNull(succession.warmFirst(true));
        assertEquals(List.of("load", "warm up 1 while WARMING", "publish"), order);
        assertEquals(State.SERVING, generations.status().state());
        assertEquals(NOON, generations.status().since());
    }

    @Test
    void withoutCallsAndGenerationsThereIsNothingToWarm() throws Exception {
        assertNull(succession.warmFirst(false));
        assertEquals(List.of(), order);
    }

    @Test
    void aFirstGenerationWhoseWarmUpFailsServesAndItsFunctionsAreInForce() throws Exception {
        warmUpProblem = new SwitchProblem("warm-up call /api/x was answered with 500");

        assertEquals(warmUpProblem.getMessage(), succession.warmFirst(true));
        assertEquals("publish", order.get(order.size() - 1));
        assertEquals(warmUpProblem.getMessage(), generations.status().problem());
        assertEquals(State.SERVING, generations.status().state());
    }
}
