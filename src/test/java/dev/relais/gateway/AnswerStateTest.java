package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AnswerStateTest {
    @Test
    void theMovesAreThoseOfTheTable() throws Exception {
        int states = StateTable.records(AnswerState.class);
        int reached =
                new StateTable(AnswerState.class).check(AnswerState.AWAITED).size();
        assertEquals(states + 2, reached, "each state once, and two of them once for each of their values");
    }

    @Test
    void onlyWhatIsNotCompleteYetIsOpen() {
        AnswerState passing = AnswerState.AWAITED.head();
        assertTrue(AnswerState.AWAITED.isOpen());
        assertTrue(passing.isOpen());
        assertFalse(passing.whole(true).isOpen());
        assertFalse(passing.loseClient().isOpen());
        assertFalse(passing.over(false).isOpen());
        assertSame(AnswerState.AWAITED, passing.again());
    }

    @Test
    void thatTheScriptGoesOnIsKnownUntilItEnds() {
        AnswerState complete = AnswerState.AWAITED.head().whole(true);
        assertTrue(complete.scriptGoesOn());
        assertTrue(complete.over(complete.scriptGoesOn()).scriptGoesOn());
        assertFalse(complete.script(false).scriptGoesOn());
        assertFalse(complete.over(true).script(false).scriptGoesOn());
        assertFalse(AnswerState.AWAITED.scriptGoesOn());
    }
}
