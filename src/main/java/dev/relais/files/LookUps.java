package dev.relais.files;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * How often a file is looked up anew that is no longer where it was found, when it is to be opened. A program that replaces it in step with the
 * look-ups has half of them fail (fourteen one after the other were seen), so a few are not enough; but what fails for another reason must
 * not hold a thread for long. Used by one thread.
 */
final class LookUps {
    private static final int LEAST = 20;
    private static final int MOST = 500;
    private static final Duration TIME = Duration.ofMillis(250);

    private final InstantSource clock;
    private final Instant began;
    private int failed;

    LookUps(InstantSource clock) {
        this.clock = clock;
        this.began = clock.instant();
    }

    /**
     * Counts a look-up that has failed.
     *
     * @param failure why the file could not be opened
     * @return whether it is to be looked up once more
     */
    boolean goOn(IOException failure) {
        failed++;
        return FileOpener.isGone(failure)
                && (failed < LEAST
                        || failed < MOST
                                && Duration.between(began, clock.instant()).compareTo(TIME) < 0);
    }
}
