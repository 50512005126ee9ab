package dev.relais.slot;

/**
 * A function's usual latency: a moving average over all workers, the yardstick that makes workers comparable whatever mix of
 * functions each of them was given.
 *
 * <p>Any thread may observe. Of two updates that race one may be lost: about 64 count, so one matters little.
 */
public final class UsualLatency {
    private static final double WEIGHT = 1.0 / 64;
    /** One outlier must not make all others look fast. */
    private static final double MAX_RATIO = 16;

    /** In nanoseconds: a shorter usual latency is no measure of whether an exchange hangs. */
    private static final double MIN_USUAL = 50e6;

    private final String function;
    private volatile double nanos; // 0: nothing seen yet
    private volatile double failureShare;
    private volatile int seen; // outcomes, up to 64

    /** @param function its name */
    public UsualLatency(String function) {
        this.function = function;
    }

    String function() {
        return function;
    }

    /** Takes one latency in. @return it relative to the usual one: 1 = as usual, 2 = twice as slow; 1/16 to 16 */
    double observe(long latencyNanos) {
        outcome(0);
        double usual = nanos;
        double latency = Math.max(1, latencyNanos);
        if (usual == 0) {
            nanos = latency;
            return 1;
        }
        double ratio = Math.max(1 / MAX_RATIO, Math.min(MAX_RATIO, latency / usual));
        nanos = usual + (ratio * usual - usual) * WEIGHT;
        return ratio;
    }

    /**
     * Takes one failure in.
     *
     * @return how unusual it is for this function, over all workers: 1 when it never fails, 0 when it always does. So the first
     *     failure of a function that has never succeeded says nothing of the worker
     */
    double failed() {
        outcome(1);
        return 1 - failureShare;
    }

    /** The mean of all outcomes at first, later a moving average, so that few are enough to know a poisonous function. */
    private void outcome(int failures) {
        int count = Math.min(64, seen + 1);
        if (count != seen) {
            seen = count;
        }
        double share = failureShare;
        if (share != failures) {
            failureShare = share + (failures - share) / count;
        }
    }

    /**
     * @return how many usual latencies, of at least 50 ms, an exchange has run for; 0 before the first exchange of the function has ended
     */
    double relativeAge(long runningNanos) {
        double usual = nanos;
        return usual == 0 ? 0 : runningNanos / Math.max(MIN_USUAL, usual);
    }

    /** Nanoseconds; 0 before the first observation. */
    public double nanos() {
        return nanos;
    }
}
