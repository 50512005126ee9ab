package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class UsualLatencyTest {
    private final UsualLatency usual = new UsualLatency("f");

    @Test
    void aFailureOfAFunctionThatNeverSucceededSaysNothing() {
        for (int i = 0; i < 100; i++) {
            assertEquals(0, usual.failed());
        }
    }

    @Test
    void aFirstFailureAfterManySuccessesSaysMuch() {
        for (int i = 0; i < 100; i++) {
            usual.observe(1_000_000);
        }
        assertTrue(usual.failed() > 0.95);
        double last = 1;
        for (int i = 0; i < 300; i++) {
            last = usual.failed();
        }
        assertTrue(last < 0.05, () -> "and after 300 in a row nothing");
    }

    @Test
    void theRelativeAgeOfShortOnesIsMeasuredIn50Milliseconds() {
        assertEquals(0, usual.relativeAge(1_000_000_000));
        usual.observe(1_000_000);
        assertEquals(20, usual.relativeAge(1_000_000_000), 1e-9);
    }
}
