package dev.relais.admission;

import java.util.concurrent.atomic.LongAdder;

/**
 * How long a run of one function holds its child at least, as far as runs that have ended show it. The waiting room relies on
 * it when it refuses an invocation. It is rather too short than too long, because an invocation that is let in and is too late
 * has only waited in vain, while one that is refused wrongly could have been served.
 *
 * <p>So it is the lower one of two means: that of the last interval, and that of the one that runs. Each is of {@value #ENOUGH}
 * runs at least, which all count alike: a pause of the machine that makes all the runs of one moment long is one moment among
 * many, and what is new shows within {@value #ENOUGH} runs. Until the first interval is over it is the shortest run there was,
 * for the first runs of a fresh process are slow. Any thread; one thread calls {@link #tick}.
 */
final class ServiceTime {
    /** Fewer runs make no mean. */
    static final int ENOUGH = 32;

    private final LongAdder runs = new LongAdder(); // of this interval
    private final LongAdder nanos = new LongAdder();
    private volatile long shortest = Long.MAX_VALUE; // until there is a last interval
    private volatile double last; // the mean of the last interval; 0: there is none

    /** A run has ended. */
    void observe(long heldNanos) {
        runs.increment();
        nanos.add(heldNanos);
        if (last == 0 && heldNanos < shortest) {
            shortest = heldNanos;
        }
    }

    /** Ends the interval, if enough runs have ended in it. */
    void tick() {
        if (runs.sum() >= ENOUGH) {
            long count = runs.sumThenReset();
            last = Math.max(1, (double) nanos.sumThenReset() / count);
        }
    }

    /** 0 before the first run has ended. */
    double nanos() {
        double known = last;
        if (known == 0) {
            long first = shortest;
            return first == Long.MAX_VALUE ? 0 : first;
        }
        long count = runs.sum();
        return count < ENOUGH ? known : Math.min(known, (double) nanos.sum() / count);
    }
}
