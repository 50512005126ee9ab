package dev.relais.admission;

import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many invocations may run at a time over all functions, found by trying: the gradient limit of Netflix' concurrency-limits
 * (GradientLimit). Each tick
 *
 * <pre>
 * gradient = tolerance * latency without load / latency now, between 0.5 and 1
 * limit    = (1 - smoothing) * limit + smoothing * (gradient * limit + sqrt(limit))
 * </pre>
 *
 * so that it grows while runs take as long as before, and shrinks when they begin to slow each other down. While the gradient
 * is 1 the limit grows without smoothing, because nothing speaks against growth. With a smoothing of 0.2 there, a limit that
 * pure computing had brought down from 32 to 11 held back, for half a minute, runs that only wait
 * (src/bench/results/adaptive.md).
 *
 * <p>The signal is the mean of relative latencies: how long a run has held its child, divided by the mean of the same function
 * when it was at its fastest. With plain latencies a slow function that is called more often would look like congestion. The
 * signal cannot tell a database that has become slow from processors that have too much to do; so the limit is an option, and
 * it forgets in time how fast a function once was ({@link Baseline}). The library itself is not used: its Gradient2Limit has
 * one average over all requests, which after some minutes of overload takes that for the normal state.
 *
 * <p>Any thread may call {@link #observe}; one thread calls {@link #tick}.
 */
final class AdaptiveLimit {
    private static final double TOLERANCE = 1.5; // the library's rttTolerance
    private static final double SMOOTHING = 0.2; // the library's
    private static final int FEWEST = 20; // with fewer runs in a tick the mean says nothing

    private final LongAdder runs = new LongAdder();
    private final DoubleAdder relativeLatencies = new DoubleAdder();
    private volatile int ticks;
    private volatile double limit = Integer.MAX_VALUE;

    /**
     * Notes that a run has ended.
     *
     * @param relativeLatency how long it held its child, divided by the mean of the function at its fastest
     */
    void observe(double relativeLatency) {
        runs.increment();
        relativeLatencies.add(relativeLatency);
    }

    /** How often {@link #tick} was called, which serves as a clock in sampler intervals. */
    int ticks() {
        return ticks;
    }

    /**
     * Computes the limit anew from what was observed since the last tick.
     *
     * @param least the lowest limit that there may be, at least 1
     * @param most the highest: the number of children
     * @param running invocations that run now
     */
    void tick(int least, int most, int running) {
        ticks = ticks + 1;
        long count = runs.sumThenReset();
        double sum = relativeLatencies.sumThenReset();
        double now = Math.min(limit, most);
        // While less than half of the limit is used, it is not what bounds the load, and nothing can be learnt of it
        // (the
        // library calls that "app limited").
        if (count >= FEWEST && running >= now / 2) {
            double gradient = Math.max(0.5, Math.min(1, TOLERANCE * count / sum));
            double weight = gradient == 1 ? 1 : SMOOTHING;
            now = (1 - weight) * now + weight * (gradient * now + Math.sqrt(now));
        }
        limit = Math.max(least, Math.min(most, now));
    }

    int limit() {
        return (int) limit;
    }
}
