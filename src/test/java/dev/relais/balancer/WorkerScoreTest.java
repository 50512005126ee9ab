package dev.relais.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WorkerScoreTest {
    private static final double NEARLY = 1e-9;

    @Test
    void isOneForAWorkerAsUsual() {
        assertEquals(1, WorkerScore.UNKNOWN.value());
        assertEquals(1, WorkerScore.UNKNOWN.next(100, 100, 0, 0).value(), NEARLY);
    }

    @Test
    void doublesByOneFailureInTen() {
        assertEquals(2, new WorkerScore(1, 0.1).value(), NEARLY);
    }

    @Test
    void followsASlowWorkerWithinAFewSamplesAndForgetsItWhenIdle() {
        WorkerScore score = WorkerScore.UNKNOWN;
        for (int i = 0; i < 10; i++) {
            score = score.next(20, 200, 0, 0);
        }
        assertTrue(score.value() > 9, score::toString);
        for (int i = 0; i < 20; i++) {
            score = score.next(0, 0, 0, 0);
        }
        assertTrue(score.value() < Tuning.RELAIS.tolerance(), score::toString);
    }

    @Test
    void countsAWorkerThatOnlyFails() {
        WorkerScore score = WorkerScore.UNKNOWN;
        for (int i = 0; i < 200; i++) {
            score = score.next(0, 0, 20, 20);
        }
        assertEquals(11, score.value(), 1e-6);
    }

    @Test
    void oneOutlierSaysLittle() {
        assertTrue(WorkerScore.UNKNOWN.next(1, 5, 0, 0).value() < Tuning.RELAIS.tolerance());
        assertTrue(WorkerScore.UNKNOWN.next(1, 16, 0, 0).value() < 2, "even the largest that there can be");
    }

    @Test
    void sevenExchangesTenTimesSlowerSayEnough() {
        assertTrue(WorkerScore.UNKNOWN.next(7, 70, 0, 0).value() > 3);
    }

    @Test
    void aFailureThatIsUsualForItsFunctionSaysNothing() {
        assertEquals(1, WorkerScore.UNKNOWN.next(0, 0, 100, 0).value(), NEARLY);
    }

    @Test
    void refusesWhatIsNoScore() {
        assertThrows(IllegalArgumentException.class, () -> new WorkerScore(0, 0));
        assertThrows(IllegalArgumentException.class, () -> new WorkerScore(Double.NaN, 0));
        assertThrows(IllegalArgumentException.class, () -> new WorkerScore(1, 1.1));
        assertThrows(IllegalArgumentException.class, () -> new WorkerScore(1, Double.NaN));
    }
}
