package dev.relais.console;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Limits the rate of actions by a token bucket of {@value #BURST}, because one action may compile all code and start all
 * workers anew. Any thread.
 */
final class ActionRate {
    static final int BURST = 10;

    private final LongSupplier nanoTime;
    private final long nanosEach;
    private long
            emptySinceNanos; // the moment since which an empty bucket would have filled to what is in it; guarded by
    // this

    ActionRate(int perMinute, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.nanosEach = TimeUnit.MINUTES.toNanos(1) / perMinute;
        this.emptySinceNanos = nanoTime.getAsLong() - BURST * nanosEach;
    }

    /**
     * Takes a token if there is one.
     *
     * @return 0 when the action may be done now; otherwise in how many seconds, at least 1
     */
    synchronized long secondsUntilNext() {
        long now = nanoTime.getAsLong();
        long filled = filled(now);
        if (filled >= nanosEach) {
            emptySinceNanos = now - filled + nanosEach;
            return 0;
        }
        return seconds(filled);
    }

    /** Returns what {@link #secondsUntilNext} would return, but takes no token. */
    synchronized long secondsLeft() {
        long filled = filled(nanoTime.getAsLong());
        return filled >= nanosEach ? 0 : seconds(filled);
    }

    private long filled(long now) {
        return Math.min(now - emptySinceNanos, BURST * nanosEach);
    }

    private long seconds(long filled) {
        return Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanosEach - filled + TimeUnit.SECONDS.toNanos(1) - 1));
    }
}
