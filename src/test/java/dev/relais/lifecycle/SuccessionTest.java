package dev.relais.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.relais.events.GenerationEvent;
import dev.relais.worker.Generations.State;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The steps of a switch that succeeds, of the end of those who have served, and of the first generation. */
class SuccessionTest extends SuccessionFixture {
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
