package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private final MemoryBudget budget = new MemoryBudget(1000);

    @Test
    void takesWhatThereIsRoomForAndNoByteMore() {
        assertTrue(budget.tryTake(999));
        assertFalse(budget.tryTake(2));
        assertTrue(budget.tryTake(1));
        assertEquals(1000, budget.used());
        assertEquals(1, budget.refusals());
    }

    @Test
    void hasRoomAgainForWhatIsGivenBack() {
        budget.tryTake(1000);
        budget.giveBack(400);
        assertTrue(budget.tryTake(400));
    }

    @Test
    void isUsedUpByWhatIsThereAnyhowAndRefusesFromHalfAsMuchMoreOn() {
        budget.count(999);
        assertFalse(budget.isUsedUp());
        budget.count(500);
        assertTrue(budget.isUsedUp());
        assertFalse(budget.refuses());
        budget.count(1);
        assertTrue(budget.refuses());
        budget.count(-1500);
        assertEquals(0, budget.used());
        assertFalse(budget.refuses());
    }
}
