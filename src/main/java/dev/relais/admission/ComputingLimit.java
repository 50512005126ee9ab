package dev.relais.admission;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Lets no more runs that compute have a child at a time than helps. More of them than there are processors take turns on these: all
 * become slower, none is done earlier, and who came first is not done first. Runs that wait are not limited, because a processor has
 * time for many of them; what a function does is measured ({@link CpuShare}).
 *
 * <p>Each function has a number of runs that help when it runs alone ({@link #helpful}); a function for which it is the number of the
 * children or more is not limited, and counts for nothing. The others share the processors: a run is one part in so many of the whole,
 * whichever function it is of, and another one may begin while the parts are less than the whole. The remaining children are there
 * for functions that wait.
 *
 * <p>While the JVM compiles, nothing is limited: its compilers get their turn on the processors like any other thread, and of fewer PHP
 * processes they take a larger part (measured: src/bench/results/crowd.md).
 *
 * <p>Nothing is kept of runs but what their gates count, so no error can add up. Any thread.
 */
final class ComputingLimit {
    /** The runs of one function. Any thread. */
    interface Runs {
        int running();

        int waiting();

        /** How many help at a time; {@link Integer#MAX_VALUE} when the children are the only limit. */
        int helpful();

        /** Whether none has ended though it should have; then more may run. For the thread of the tick. */
        boolean isStuck(int children);

        /** Whether the limit counts them. */
        boolean isListed();

        /** Only the limit calls this, under its lock. */
        void listed(boolean inList);
    }

    /** Between two measured runs of whatever functions, so that a thousand functions in a crowd cost no more than one. */
    private static final long INTERVAL_NANOS = 5_000_000;

    /** Runs beyond those that keep the processors busy, for some are on their way through the gateway. Measured as the others. */
    private static final int SPARE = 3;

    /** The time in a tick from which on the JVM counts as compiling: a tenth of a processor. */
    private static final long COMPILING_MILLIS = 100;

    private static final double WHOLE = 1 - 1e-9; // sums of parts are not exact
    private static final Runs[] NONE = {};

    private final int processors;
    private final LongSupplier compiledMillis;
    private long compiledBefore; // the last tick; under the lock
    private volatile boolean compiling = true; // until a tick shows otherwise
    private volatile long nextNanos;
    private volatile Runs[] limited = NONE; // those that run or wait now

    /** @param compiledMillis for how long the JVM has compiled since its start */
    ComputingLimit(int processors, LongSupplier compiledMillis) {
        this.processors = processors;
        this.compiledMillis = compiledMillis;
        this.compiledBefore = compiledMillis.getAsLong();
    }

    /** Limits nothing, and measures nothing. */
    static ComputingLimit none() {
        return new ComputingLimit(Integer.MAX_VALUE, () -> 0);
    }

    /**
     * How many runs of a function help at a time. With fewer, a processor would now and then have nothing to do. A run that
     * computes for a share of its time needs a processor at any moment with that probability, so of n such runs n * share need
     * one, give or take the standard deviation of a binomial distribution. The result is the number of runs that keep the
     * processors busy but for two deviations, and {@value #SPARE} more.
     *
     * @param share of its time that it computes, 0 to 1
     */
    static double helpful(double share, int processors) {
        if (share <= 0) {
            return Double.POSITIVE_INFINITY;
        }
        double deviation = Math.sqrt(share * (1 - share)); // of one run
        double root = (deviation + Math.sqrt(deviation * deviation + share * processors)) / share;
        return root * root + SPARE;
    }

    /**
     * As {@link #helpful}, of this pool.
     *
     * @param children that there are
     * @return {@link Integer#MAX_VALUE} when it is no limit
     */
    int helpfulOf(double share, int children) {
        double most = Math.rint(helpful(share, processors));
        return most >= children ? Integer.MAX_VALUE : (int) most;
    }

    /** Whether the run of a function that begins now is to be measured: it is not worth it while there is a processor for each. */
    boolean wants(Runs gate, CpuShare share, long nowNanos) {
        if (processors == Integer.MAX_VALUE
                || gate.waiting() == 0 && gate.running() <= processors
                || nowNanos - nextNanos < 0 && nextNanos != 0
                || !share.isDue(nowNanos)) {
            return false;
        }
        nextNanos = nowNanos + INTERVAL_NANOS;
        return true;
    }

    /** Whether one more run of this function, which is limited, helps now. */
    boolean admits(Runs gate) {
        if (!gate.isListed()) {
            list(gate);
        }
        if (compiling) {
            return true;
        }
        double parts = 0;
        for (Runs one : limited) {
            parts += (double) one.running() / one.helpful();
        }
        return parts < WHOLE;
    }

    private synchronized void list(Runs gate) {
        if (!gate.isListed()) {
            Runs[] more = Arrays.copyOf(limited, limited.length + 1);
            more[limited.length] = gate;
            limited = more;
            gate.listed(true);
        }
    }

    /**
     * Once in each sampler interval: forgets the gates that nobody uses, and lets more run of a function of which none has ended though
     * it should have.
     *
     * @return whether more may run than before
     */
    synchronized boolean tick(int children) {
        long compiled = compiledMillis.getAsLong();
        boolean compiles = compiled - compiledBefore > COMPILING_MILLIS;
        boolean more = compiles && !compiling;
        compiling = compiles;
        compiledBefore = compiled;
        int kept = 0;
        Runs[] now = new Runs[limited.length];
        for (Runs gate : limited) {
            boolean used = gate.helpful() < Integer.MAX_VALUE && (gate.running() > 0 || gate.waiting() > 0);
            more |= used && gate.isStuck(children);
            if (used) {
                now[kept++] = gate;
            }
            gate.listed(used);
        }
        limited = kept == now.length ? limited : Arrays.copyOf(now, kept);
        return more;
    }

    /** How many functions are limited now. */
    int size() {
        return limited.length;
    }
}
