package dev.relais.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** When Redis is not asked any more, and when it is asked again. */
class RedisBreakerTest {
    private long now;
    private final RedisBreaker breaker = new RedisBreaker(() -> now);

    private int failuresUntilOpen() {
        int count = 0;
        while (breaker.admits()) {
            breaker.failed();
            count++;
        }
        return count;
    }

    @Test
    void itOpensAfterAFewFailuresInARow() {
        assertEquals(7, failuresUntilOpen());
        assertEquals("open", breaker.word());
    }

    @Test
    void itOpensWhenMoreThanHalfFailAndStaysClosedWhenFewDo() {
        for (int i = 0; i < 1_000; i++) {
            if (i % 4 == 0) {
                breaker.failed();
            } else {
                breaker.succeeded();
            }
        }
        assertEquals("closed", breaker.word());
        for (int i = 0; i < 100 && breaker.admits(); i++) {
            breaker.failed();
            breaker.failed();
            breaker.succeeded();
        }
        assertEquals("open", breaker.word());
    }

    @Test
    void afterAPauseOneTriesAndThePauseGrowsWhileThatFails() {
        failuresUntilOpen();
        long pause = RedisBreaker.FIRST_PAUSE_NANOS;
        for (int i = 0; i < 10; i++) {
            now += pause - 1;
            assertFalse(breaker.admits());
            now++;
            assertTrue(breaker.admits());
            assertEquals("half-open", breaker.word());
            assertFalse(breaker.admits(), "only one");
            breaker.failed();
            pause = Math.min(2 * pause, RedisBreaker.LONGEST_PAUSE_NANOS);
        }
        now += pause;
        assertTrue(breaker.admits());
        breaker.succeeded();
        assertTrue(breaker.admits());
        assertEquals("closed", breaker.word());
    }

    @Test
    void whatWasUnderWayWhenItOpenedNeitherClosesItNorHoldsItOpen() {
        failuresUntilOpen();
        breaker.succeeded();
        assertEquals("open", breaker.word());
        breaker.failed();
        now += RedisBreaker.FIRST_PAUSE_NANOS;
        assertTrue(breaker.admits());
    }

    @Test
    void oneThatTriesAndNeverTellsDoesNotHoldUpTheNext() {
        failuresUntilOpen();
        now += RedisBreaker.FIRST_PAUSE_NANOS;
        assertTrue(breaker.admits());
        now += RedisBreaker.FIRST_PAUSE_NANOS;
        assertTrue(breaker.admits());
    }
}
