package dev.relais.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LookUpsTest {
    private Instant now = Instant.EPOCH;

    /** How many look-ups fail until there is no other one, when each takes so long. */
    private int failed(Duration each, IOException failure) {
        LookUps lookUps = new LookUps(() -> now);
        int failed = 1;
        while (lookUps.goOn(failure)) {
            failed++;
            now = now.plus(each);
        }
        return failed;
    }

    @ParameterizedTest
    @CsvSource({"0,500", "400,500", "1000,251", "10000,26", "100000,20", "60000000,20"})
    void whatHasGoneIsLookedUpForAWhileAndAFewTimesInAnyCase(long micros, int times) {
        assertEquals(times, failed(Duration.ofNanos(micros * 1_000), new NoSuchFileException("/a")));
    }

    @Test
    void whatIsThereAndMayNotBeReadIsLookedUpOnce() {
        assertFalse(new LookUps(() -> now).goOn(new AccessDeniedException("/a")));
        assertFalse(new LookUps(() -> now).goOn(new FileUnavailable("busy")));
    }
}
