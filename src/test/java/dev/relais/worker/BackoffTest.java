package dev.relais.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void pausesDoubleWithJitterUpToTheMostAndBeginAgain() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofMillis(1500), new Random(1));
        for (long step : new long[] {100, 200, 400, 800, 1500, 1500, 1500}) {
            long millis = backoff.next().toMillis();
            assertTrue(millis >= step / 2 && millis <= step, millis + " of " + step);
        }
        backoff.reset();
        assertTrue(backoff.next().toMillis() <= 100);
    }

    @Test
    void theSameSeedGivesTheSamePauses() {
        Backoff one = new Backoff(Duration.ofMillis(1), Duration.ofDays(100_000), new Random(5));
        Backoff two = new Backoff(Duration.ofMillis(1), Duration.ofDays(100_000), new Random(5));
        for (int i = 0; i < 100; i++) {
            Duration pause = one.next();
            assertEquals(pause, two.next());
            assertTrue(!pause.isNegative());
        }
    }

    @Test
    void emptyRangesAreRefused() {
        assertThrows(
                IllegalArgumentException.class, () -> new Backoff(Duration.ZERO, Duration.ofSeconds(1), new Random(1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1), new Random(1)));
    }
}
