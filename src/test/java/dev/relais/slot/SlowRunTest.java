package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SlowRunTest {
    private final SlowRun run = new SlowRun();

    @Test
    void saysOnceThatItHasBecomeLong() {
        for (int i = 1; i < SlowRun.LONG; i++) {
            assertFalse(run.add(10));
        }
        assertTrue(run.add(10));
        assertFalse(run.add(10));
    }

    @Test
    void oneUsualExchangeEndsIt() {
        for (int i = 1; i < SlowRun.LONG; i++) {
            run.add(10);
        }
        assertFalse(run.add(1));
        assertEquals(0, run.length());
        assertFalse(run.add(10));
    }
}
