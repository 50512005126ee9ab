package dev.relais.console;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Bounds how many actions are taken, by a token bucket of {@value #BURST}: one action may compile all code and start all workers anew.
 * Any thread.
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

    /** Takes one, if there is one. @return 0 when one more may be done now; else in how many seconds, at least 1 */
    synchronized long secondsUntilNext() {
        long now = nanoTime.getAsLong();
        long filled = filled(now);
        if (filled >= nanosEach) {
            emptySinceNanos = now - filled + nanosEach;
            return 0;
        }
        return seconds(filled);
    }

    /** As {@link #secondsUntilNext}, and takes none. */
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
