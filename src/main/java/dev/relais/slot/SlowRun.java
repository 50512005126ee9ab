package dev.relais.slot;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many exchanges of one worker in a row took over three times as long as usual for their functions. One that did not ends the
 * run. A mean would need longer to show a worker that has just become slow, and would be moved by outliers, too. Any thread; an
 * end lost in a race costs nothing but the few exchanges until the next one.
 */
final class SlowRun {
    private static final double SLOW = 3;

    private final AtomicInteger length = new AtomicInteger();

    /** Takes one exchange in. @return whether the run has become a {@linkplain WorkerSample#LONG_RUN long} one by it */
    boolean add(double relativeLatency) {
        if (relativeLatency > SLOW) {
            return length.incrementAndGet() == WorkerSample.LONG_RUN;
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
