package dev.relais.admission;

import java.util.concurrent.atomic.LongAdder;

/**
 * How long a run of one function holds its child at least, as far as runs that have ended show it: what the waiting room relies on
 * when it refuses an invocation. It errs on the short side, because an invocation that is let in and turns out to be too late has only
 * waited in vain, while one that is refused wrongly could have been served.
 *
 * <p>So it is the lowest mean of the last {@value #INTERVALS} intervals, which is about as long as an invocation may wait, and of the
 * running one. Each mean is of at least {@value #ENOUGH} runs, which all count alike: a pause of the machine that makes all the runs of
 * one moment long is one moment among many. Of the first interval the shortest run counts, since the first runs of a fresh process are
 * slow. A single interval must not decide: a crowd that arrives at once keeps the event loop busy, so that it reads the ends of runs
 * late; if that made it refuse, it would be kept busy by refusals, which are asked again at once, and would go on to refuse.
 *
 * <p>Any thread; one thread calls {@link #tick}.
 */
final class ServiceTime {
    /** Fewer runs make no mean. */
    static final int ENOUGH = 32;

    /** So many ticks a mean counts, unless it is the only one. */
    static final int INTERVALS = 10;

    private final LongAdder runs = new LongAdder(); // of the running interval
    private final LongAdder nanos = new LongAdder();
    private volatile long shortest = Long.MAX_VALUE; // of the first interval
    private final double[] means =
            new double[INTERVALS]; // by tick; 0 where too few runs ended; of the thread of the tick
    private int ticks; // likewise
    private volatile double lowest; // of the means; 0 until there is one

    /** A run has ended. */
    void observe(long heldNanos) {
        runs.increment();
        nanos.add(heldNanos);
        if (lowest == 0 && heldNanos < shortest) {
            shortest = heldNanos;
        }
    }

    /** Ends the interval if enough runs have ended in it. */
    void tick() {
        boolean ends = runs.sum() >= ENOUGH;
        double mean = 0;
        if (ends) {
            long count = runs.sumThenReset();
            mean = Math.max(1, (double) nanos.sumThenReset() / count);
            if (lowest == 0) {
                mean = Math.max(1, Math.min(mean, shortest));
            }
        }
        means[ticks % INTERVALS] = mean;
        ticks++;
        double least = Double.MAX_VALUE;
        for (double one : means) {
            least = one > 0 ? Math.min(least, one) : least;
        }
        if (least < Double.MAX_VALUE) {
            lowest = least; // otherwise the one of before stands: nothing is known against it
        }
    }

    /** The nanoseconds; 0 before the first run has ended. */
    double nanos() {
        double known = lowest;
        if (known == 0) {
            long first = shortest;
            return first == Long.MAX_VALUE ? 0 : first;
        }
        long count = runs.sum();
        return count < ENOUGH ? known : Math.min(known, (double) nanos.sum() / count);
    }
}
