package dev.relais.body;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BodyPaceTest {
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(10);

    private long now = 1_000;

    private void passes(int seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
    }

    private static long seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nanos);
    }

    @Test
    void whoeverSendsNothingHasTheLimitLeft() {
        BodyPace pace = new BodyPace(0, () -> now);
        pace.begin();
        assertEquals(10, seconds(pace.leftNanos(LIMIT)));
        passes(7);
        assertEquals(3, seconds(pace.leftNanos(LIMIT)));
        pace.took(1);
        assertEquals(10, seconds(pace.leftNanos(LIMIT)));
    }

    @Test
    void atTheLeastRateTheLimitIsGivenOnce() {
        BodyPace pace = new BodyPace(100, () -> now);
        pace.begin();
        for (int i = 0; i < 10; i++) {
            passes(1);
            pace.took(50); // half of what is wanted
        }
        assertEquals(5, seconds(pace.leftNanos(LIMIT)));
    }

    @Test
    void whatCameAtOnceEarnsTime() {
        BodyPace pace = new BodyPace(100, () -> now);
        pace.begin();
        pace.took(1_000);
        passes(9);
        pace.took(1);
        assertEquals(10, seconds(pace.leftNanos(LIMIT)));
    }

    @Test
    void whoeverLingersEarnsNone() {
        BodyPace pace = new BodyPace(100, () -> now);
        pace.begin();
        pace.linger();
        pace.took(1_000);
        passes(4);
        assertEquals(6, seconds(pace.leftNanos(LIMIT)));
    }
}
