package dev.relais.health;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Decides whether a gateway that is saturated stays away from its load balancer for a while. It is away for 5 to
 * {@value #MOST_SECONDS} seconds at a time, and back sooner when it is not saturated any more; after that it stays for at least as long as
 * it could have been away, and up to twice that. The times are random, so that gateways that are saturated together neither go together
 * nor come back together. Even if all of them are saturated for ever, each is there for half of the time at least. Any thread.
 */
final class Saturation {
    static final int MOST_SECONDS = 10;
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(MOST_SECONDS);

    private final long patienceNanos;
    private final RandomGenerator random;
    // The following fields are guarded by this:
    private boolean away;
    private boolean bound; // whether it has to stay until untilNanos
    private long untilNanos; // the end of being away, or of having to stay
    private long termNanos; // for how long it is away at most, this time
    private long patience; // how long it may be saturated next

    /** @param patienceNanos how long it may be saturated before it is away, at least; up to a half more */
    Saturation(long patienceNanos, RandomGenerator random) {
        this.patienceNanos = patienceNanos;
        this.random = random;
        this.patience = between(patienceNanos, patienceNanos / 2);
    }

    /** @return a random time from {@code least} on, up to {@code more} more */
    private long between(long least, long more) {
        return least + (long) (random.nextDouble() * more);
    }

    /**
     * Whether it is away now.
     *
     * @param saturatedNanos for how long it has been saturated; 0 when it is not
     * @param nowNanos as {@link System#nanoTime}
     */
    synchronized boolean isAway(long saturatedNanos, long nowNanos) {
        if (away && (saturatedNanos == 0 || nowNanos - untilNanos >= 0)) {
            away = false;
            bound = true;
            untilNanos = nowNanos + between(termNanos, termNanos);
            patience = between(patienceNanos, patienceNanos / 2);
        }
        bound = bound && nowNanos - untilNanos < 0;
        if (!away && !bound && saturatedNanos >= patience) {
            away = true;
            termNanos = between(MOST_NANOS / 2, MOST_NANOS / 2);
            untilNanos = nowNanos + termNanos;
        }
        return away;
    }
}
