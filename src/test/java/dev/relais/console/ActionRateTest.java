package dev.relais.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ActionRateTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000); // overflows in the test
    private final ActionRate rate = new ActionRate(30, now::get); // one in 2 s

    private void drain() {
        for (int i = 0; i < ActionRate.BURST; i++) {
            assertEquals(0, rate.secondsUntilNext());
        }
    }

    @Test
    void aBurstIsTakenAndThenOneInEachInterval() {
        drain();
        assertEquals(2, rate.secondsUntilNext());
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(1_500));
        assertEquals(1, rate.secondsUntilNext());
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(500));
        assertEquals(0, rate.secondsUntilNext());
        assertEquals(2, rate.secondsUntilNext());
    }

    @Test
    void aLongPauseEarnsOneBurstAndNoMore() {
        drain();
        now.addAndGet(TimeUnit.DAYS.toNanos(400));
        drain();
        assertEquals(2, rate.secondsUntilNext());
    }
}
