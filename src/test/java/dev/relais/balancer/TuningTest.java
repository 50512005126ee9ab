package dev.relais.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TuningTest {
    @ParameterizedTest
    @CsvSource({"4, 1, 8, 12", "8, 2, 8, 12", "10, 1, 56, 252", "2.1, 1, 1, 1", "1, 1, 8, 1"})
    void theSlowerAWorkerAndTheMoreOthersTheMoreMustWaitBeforeItIsUsed(
            double score, double median, int children, int waiters) {
        assertEquals(waiters, Tuning.RELAIS.waitersBefore(score, median, children));
    }

    @Test
    void withoutPatienceOneWaiterIsEnough() {
        assertEquals(1, new Tuning(1.25, 3, 0, 1, 1).waitersBefore(16, 1, 512));
    }

    @ParameterizedTest
    @CsvSource({
        "0.9, 3, 0.5, 1, 1",
        "1.25, 1, 0.5, 1, 1",
        "1.25, 3, -1, 1, 1",
        "1.25, 3, 0.5, 0, 1",
        "1.25, 3, 0.5, 1, 0",
        "NaN, 3, 0.5, 1, 1"
    })
    void whatCannotBeMeantIsRefused(double tolerance, double bad, double patience, long retryNanos, long requests) {
        assertThrows(IllegalArgumentException.class, () -> new Tuning(tolerance, bad, patience, retryNanos, requests));
    }
}
