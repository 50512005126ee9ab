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
 * so that it grows while runs take as long as ever, and shrinks when they begin to stand in each other's way. Growing is not smoothed as
 * long as the gradient is 1: nothing speaks against it, and with 0.2 a limit that computing runs had brought down to 11 of 32 held
 * runs that wait for half a minute (src/bench/results/adaptive.md).
 *
 * <p>The signal is the mean of relative latencies: how long a run has held its child, over the mean of the same function when it was at
 * its fastest. Plain latencies would take it for congestion when a slow function is called more often; and a child that waits for a
 * database does not get slower when others run. It cannot tell a database that got slow from processors that are overbooked, which is
 * why it is an option and forgets what a function once was ({@link Baseline}). The library itself is not used: its Gradient2Limit has
 * one average over all requests, which after some minutes of overload takes that for the normal state.
 *
 * <p>Any thread observes; one ticks.
 */
final class AdaptiveLimit {
    private static final double TOLERANCE = 1.5; // the library's rttTolerance
    private static final double SMOOTHING = 0.2; // the library's
    private static final int FEWEST = 20; // runs in a tick that say something

    private final LongAdder runs = new LongAdder();
    private final DoubleAdder relativeLatencies = new DoubleAdder();
    private volatile int ticks;
    private volatile double limit = Integer.MAX_VALUE;

    /** One run has ended that held its child so many times as long as the function's runs did at its fastest. */
    void observe(double relativeLatency) {
        runs.increment();
        relativeLatencies.add(relativeLatency);
    }

    /** Ticks so far: a clock in sampler intervals. */
    int ticks() {
        return ticks;
    }

    /**
     * Looks at what was observed since the last tick.
     *
     * @param least the limit never is below it, at least 1
     * @param most nor above it: the children there are
     * @param running invocations that run now
     */
    void tick(int least, int most, int running) {
        ticks = ticks + 1;
        long count = runs.sumThenReset();
        double sum = relativeLatencies.sumThenReset();
        double now = Math.min(limit, most);
        // With half of it unused it is not what decides, and nothing is learnt (the library: "app limited").
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
