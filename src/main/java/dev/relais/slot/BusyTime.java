package dev.relais.slot;

import java.util.concurrent.atomic.AtomicLong;

/**
 * For how long a slot has run exchanges, the one that runs now included. Written by the slot's event loop, read by any thread: one number
 * says both what has passed and whether something runs, so that no reader counts an exchange twice.
 */
final class BusyTime {
    private boolean begun; // of the event loop
    private long originNanos; // when the first one began; published by the sum

    /**
     * While nothing runs: the sum of all exchanges. While one runs: that sum, less the moment at which this one has begun, less 1. As no
     * more time than has passed can have been busy, the latter is negative.
     */
    private final AtomicLong sum = new AtomicLong();

    /**
     * One that nobody has ended ends now.
     *
     * @param nowNanos as {@link System#nanoTime}, as in all methods
     */
    void begin(long nowNanos) {
        end(nowNanos);
        if (!begun) {
            begun = true;
            originNanos = nowNanos;
        }
        sum.lazySet(sum.getPlain() - (nowNanos - originNanos) - 1);
    }

    /** Does nothing when nothing runs. */
    void end(long nowNanos) {
        long before = sum.getPlain();
        if (before < 0) {
            sum.lazySet(before + (nowNanos - originNanos) + 1);
        }
    }

    long nanos(long nowNanos) {
        long now = sum.get();
        return now < 0 ? now + (nowNanos - originNanos) + 1 : now;
    }
}
