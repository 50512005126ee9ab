package dev.relais.slot;

import dev.relais.MovingMean;

/**
 * A function's usual latency, which is a moving average over all workers. Relative to it, workers are comparable whatever mix
 * of functions each of them was given. Any thread.
 */
public final class UsualLatency {
    /** How many exchanges make the means. */
    private static final int EXCHANGES = 64;
    /** The largest ratio that counts, so that one outlier does not make all others look fast. */
    private static final double MAX_RATIO = 16;

    /** A usual latency counts as at least this many nanoseconds in deciding whether an exchange hangs. */
    private static final double MIN_USUAL = 50e6;

    private final String function;
    private final MovingMean nanos = MovingMean.fromFirst(EXCHANGES);
    /** Few outcomes are enough to recognise a function that always fails. */
    private final MovingMean failureShare = MovingMean.ofAll(EXCHANGES);

    /** @param function its name */
    public UsualLatency(String function) {
        this.function = function;
    }

    String function() {
        return function;
    }

    /**
     * Includes a latency.
     *
     * @return the latency relative to the usual one: 1 as usual, 2 twice as slow; from 1/16 to 16
     */
    double observe(long latencyNanos) {
        failureShare.add(0);
        double usual = nanos.value();
        double latency = Math.max(1, latencyNanos);
        if (usual == 0) {
            nanos.add(latency);
            return 1;
        }
        double ratio = Math.max(1 / MAX_RATIO, Math.min(MAX_RATIO, latency / usual));
        nanos.add(ratio * usual);
        return ratio;
    }

    /**
     * Includes a failure.
     *
     * @return how unusual the failure is for this function, over all workers: 1 when it never fails, 0 when it always does; so
     *     the first failure of a function that has never succeeded does not count against the worker
     */
    double failed() {
        return 1 - failureShare.add(1);
    }

    /**
     * @return how many usual latencies, of at least 50 ms, an exchange has run for; 0 before the first exchange of the function has ended
     */
    double relativeAge(long runningNanos) {
        double usual = nanos.value();
        return usual == 0 ? 0 : runningNanos / Math.max(MIN_USUAL, usual);
    }

    /** The usual latency in nanoseconds; 0 before the first observation. */
    public double nanos() {
        return nanos.value();
    }
}
