package dev.relais.slot;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many exchanges of one worker in a row took over three times as long as usual for their functions. One that did not ends the
 * run. A mean would need longer to show a worker that has just become slow, and outliers would move it. Any thread: when two threads
 * race, the end of a run may be missed, and the next exchange that is not slow ends it.
 */
final class SlowRun {
    /** So many slow exchanges in a row do not happen by chance: even where one exchange in four is slow, that is one case in a million. */
    static final int LONG = 10;

    private static final double SLOW = 3;

    private final AtomicInteger length = new AtomicInteger();

    /** Takes one exchange in. @return whether the run has become a {@linkplain #LONG long} one by it */
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
