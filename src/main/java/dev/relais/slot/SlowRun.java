package dev.relais.slot;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts how many exchanges of one worker in a row took over three times as long as usual for their functions. An exchange that
 * did not ends the series. A mean would need longer to show that a worker has just become slow, and outliers would move it. Any
 * thread: when two threads race, the end of a run may be missed, and the next exchange that is not slow ends it.
 */
final class SlowRun {
    /** Ten slow exchanges in a row are no chance: even where one exchange in four is slow, that happens once in a million. */
    static final int LONG = 10;

    private static final double SLOW = 3;

    private final AtomicInteger length = new AtomicInteger();

    /**
     * Counts an exchange.
     *
     * @return whether the series has become a {@linkplain #LONG long} one by it
     */
    boolean add(double relativeLatency) {
        if (relativeLatency > SLOW) {
            return length.incrementAndGet() == LONG;
        }
        if (length.get() != 0) {
            length.set(0);
        }
        return false;
    }

    int length() {
        return length.get();
    }
}
