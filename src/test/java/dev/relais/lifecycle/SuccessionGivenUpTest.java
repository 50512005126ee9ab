package dev.relais.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.events.GenerationEvent;
import dev.relais.system.CgroupMemory;
import dev.relais.worker.Generations.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What gives a switch up or has it begin anew, and that nothing is left of it then. */
class SuccessionGivenUpTest extends SuccessionFixture {
    @Test
    void withoutRoomForTwoNothingIsStarted() {
        room = new CgroupMemory.Room(Path.of("/memory.max"), 150 << 20, 50 << 20);
        SwitchProblem problem = problem();

        assertEquals(Result.REFUSED, problem.result());
        assertEquals(List.of("load", "drop"), order);
        assertEquals(List.of(), settings);
    }

    @Test
    void poolsThatComeNeedRoomToo() throws Exception {
        room = new CgroupMemory.Room(Path.of("/memory.max"), 150 << 20, 120 << 20);
        succession.takeOver(2);
        addedBytes = 30 << 20;
        assertEquals(Result.REFUSED, problem().result());
    }

    /** Masters that are restarted read what was told last. */
    @Test
    void mastersAreToldAgainWhatIsInForceWhenTheNextGenerationDoesNotCome() throws Exception {
        failure = "the master of worker 0 ended";
        problem();
        assertEquals(List.of("of the next", "of the one in force"), settings);

        tellFails = true;
        assertEquals(failure, problem().getMessage());
        failure = null;
        settings.clear();
        succession.takeOver(2);
        assertEquals(List.of("of the next"), settings);
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
}
