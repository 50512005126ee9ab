package dev.relais.admission;

import java.util.concurrent.atomic.LongAdder;

/**
 * How long a run of one function holds its child at least, as far as runs that have ended show it: what the waiting room relies on
 * when it refuses an invocation. It errs on the short side, because an invocation that is let in and turns out to be too late has only
 * waited in vain, while one that is refused wrongly could have been served.
 *
 * <p>So it is the lowest mean of as many of the last intervals as the invocation may wait for, {@value #INTERVALS} at most, and of the
 * running one: how fast the function was within that time it may be again within that time. Each mean is of at least {@value #ENOUGH} runs, which all count alike: a pause of the machine that makes all the runs of
 * one moment long is one moment among many. Of the first interval the shortest run counts, since the first runs of a fresh process are
 * slow. A single interval must not decide: a crowd that arrives at once keeps the event loop busy, so that it reads the ends of runs
 * late; if that made it refuse those who can wait, it would be kept busy by refusals, which are asked again at once, and would go on to
 * refuse. Whoever cannot wait for an interval is told by the last runs alone, which {@link Gate} knows.
 *
 * <p>Any thread; one thread calls {@link #tick}.
 */
final class ServiceTime {
    /** Fewer runs make no mean. */
    static final int ENOUGH = 32;

    /** So many ticks a mean counts, unless it is the only one. */
    static final int INTERVALS = 10;

    /** Ticks are at least so far apart. */
    private static final long TICK_NANOS = 1_000_000_000;

    private static final double[] NONE = {};

    private final LongAdder runs = new LongAdder(); // of the running interval
    private final LongAdder nanos = new LongAdder();
    private volatile long shortest = Long.MAX_VALUE; // of the first interval
    private final double[] means =
            new double[INTERVALS]; // by tick; 0 where too few runs ended; of the thread of the tick
    private int ticks; // likewise
    private volatile double[] lowest =
            NONE; // of the last one, two, three ... ticks; infinite where no interval has ended in them
    private volatile double last; // the mean of the last interval; 0 until there is one

    /** Whether an invocation may wait for an interval. */
    static boolean isPatient(long patienceNanos) {
        return patienceNanos >= TICK_NANOS;
    }

    /** A run has ended. */
    void observe(long heldNanos) {
        runs.increment();
        nanos.add(heldNanos);
        if (last == 0 && heldNanos < shortest) {
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
            if (last == 0) {
                mean = Math.max(1, Math.min(mean, shortest));
            }
        }
        means[ticks % INTERVALS] = mean;
        double[] made = new double[INTERVALS];
        double least = Double.POSITIVE_INFINITY;
        for (int ago = 0; ago < INTERVALS; ago++) {
            double one = means[Math.floorMod(ticks - ago, INTERVALS)];
            least = one > 0 ? Math.min(least, one) : least;
            made[ago] = least;
        }
        ticks++;
        lowest = made;
        if (mean > 0) {
            last = mean;
        }
    }

    /**
     * The nanoseconds; 0 before the first run has ended.
     *
     * @param patienceNanos for how long the invocation may wait; it {@linkplain #isPatient is patient}
     */
    double nanos(long patienceNanos) {
        double known = last;
        if (known == 0) {
            long first = shortest;
            return first == Long.MAX_VALUE ? 0 : first;
        }
        double least = lowest[(int) Math.min(INTERVALS, patienceNanos / TICK_NANOS) - 1];
        known = least < Double.POSITIVE_INFINITY ? least : known; // of longer ago, but nothing else is known
        long count = runs.sum();
        return count < ENOUGH ? known : Math.min(known, (double) nanos.sum() / count);
    }
}
