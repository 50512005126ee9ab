package dev.relais.worker;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The pauses between restarts of one worker. They double from a least to a most, and each is drawn from the upper half of its
 * step ("equal jitter"), so that workers that died together do not restart together and a pause is never near zero. Confined to
 * the supervisor's thread.
 */
final class Backoff {
    private final long leastNanos;
    private final long mostNanos;
    private final RandomGenerator random;
    private long stepNanos;

    /**
     * @param least the first step, positive
     * @param most the last step, not below the first
     */
    Backoff(Duration least, Duration most, RandomGenerator random) {
        if (least.isZero() || least.isNegative() || most.compareTo(least) < 0) {
            throw new IllegalArgumentException("not 0 < " + least + " <= " + most);
        }
        this.leastNanos = least.toNanos();
        this.mostNanos = most.toNanos();
        this.random = random;
        this.stepNanos = leastNanos;
    }

    /** The next pause, which is between half the step and the whole step. */
    Duration next() {
        long half = stepNanos / 2;
        long pause = half + random.nextLong(stepNanos - half + 1);
        stepNanos = stepNanos > mostNanos / 2 ? mostNanos : stepNanos * 2;
        return Duration.ofNanos(pause);
    }

    /** Begins again with the least pause. Called once a worker has served for a while, and not as soon as it has started. */
    void reset() {
        stepNanos = leastNanos;
    }
}
