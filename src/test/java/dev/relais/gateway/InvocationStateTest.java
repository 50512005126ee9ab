package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;

class InvocationStateTest {
    private static Set<Object> all() throws Exception {
        return new StateTable(InvocationState.class).check(InvocationState.HEAD);
    }

    @Test
    void theMovesAreThoseOfTheTable() throws Exception {
        int states = StateTable.records(InvocationState.class);
        assertEquals(states + 1, all().size(), "each state once, and Done once for each of its values");
    }

    @Test
    void aMoveMakesNoNewState() {
        InvocationState waiting = InvocationState.HEAD.await();
        assertSame(waiting, InvocationState.HEAD.gather().await());
        assertSame(waiting, waiting.run().await());
        assertSame(waiting.run(), waiting.await().run());
        assertSame(waiting.finish(), waiting.run().answer().finish());
    }

    @Test
    void anExchangeRunsOnlyFromItsStartToTheEndOrUntilItIsOfNoMoreInterest() {
        InvocationState running = InvocationState.HEAD.gather().await().run();
        assertTrue(running.hasExchange());
        assertTrue(running.answer().hasExchange());
        assertTrue(running.loseClient().hasExchange(), "it may have to be abandoned");
        assertFalse(running.lookUp().hasExchange(), "a file is sent in its place");
        assertFalse(running.await().hasExchange(), "it is run again");
        assertFalse(running.finish().hasExchange());
    }

    @Test
    void thatTheClientIsGoneIsKnownToTheEnd() throws Exception {
        for (Object one : all()) {
            InvocationState state = (InvocationState) one;
            if (!state.isDone() && !state.isClientGone()) {
                assertTrue(state.loseClient().isClientGone());
                assertTrue(state.loseClient().finish().isClientGone());
                assertFalse(state.finish().isClientGone());
            }
            assertTrue(state.finish().isDone());
            assertSame(state.finish(), state.finish().finish());
        }
    }
}
