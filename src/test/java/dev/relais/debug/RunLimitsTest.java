package dev.relais.debug;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.slot.ChildState;
import dev.relais.slot.SlotStatus;
import org.junit.jupiter.api.Test;

class RunLimitsTest {
    private boolean attached;
    private int asked;
    private final RunLimits limits = new RunLimits(100, pid -> {
        asked++;
        return attached;
    });

    private boolean isOver(long served, long runningMillis, long elapsed) {
        SlotStatus slot = new SlotStatus(ChildState.BUSY, 7, null, "f", runningMillis, 0, served, 0, 0, -1, -1);
        return limits.isOver(0, slot, elapsed);
    }

    @Test
    void aRunIsOverWhenItsTimeHasPassed() {
        assertFalse(isOver(1, 0, 60));
        assertFalse(isOver(1, 60, 60));
        assertTrue(isOver(1, 120, 60));
    }

    @Test
    void theTimeWithADebuggerDoesNotCount() {
        assertFalse(isOver(1, 0, 60));
        assertFalse(isOver(1, 60, 60));
        attached = true;
        assertFalse(isOver(1, 100_000, 100_000));
        attached = false;
        assertTrue(isOver(1, 100_000, RunLimits.BELIEVED.toNanos()));
    }

    @Test
    void whoHasADebuggerIsSeldomAsked() {
        attached = true;
        for (int i = 0; i < 100; i++) {
            assertFalse(isOver(1, i, RunLimits.BELIEVED.toNanos() / 10));
        }
        assertTrue(asked <= 11, () -> "asked " + asked + " times");
    }

    @Test
    void theNextRunHasItsOwnTime() {
        assertFalse(isOver(1, 0, 60));
        assertFalse(isOver(1, 60, 60));
        assertFalse(isOver(2, 0, 60));
        assertFalse(isOver(2, 60, 60));
        assertFalse(isOver(2, -1, 60), "it runs nothing");
        assertFalse(isOver(3, 0, 60));
    }
}
