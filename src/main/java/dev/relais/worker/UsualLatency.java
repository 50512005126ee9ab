package dev.relais.worker;

/**
 * A function's usual latency: a moving average over all workers, the yardstick that makes workers comparable whatever mix of
 * functions each of them was given.
 *
 * <p>Any thread may observe; an update lost in a race costs one of some 64 that count.
 */
public final class UsualLatency {
    private static final double WEIGHT = 1.0 / 64;
    /** One outlier must not make all others look fast. */
    private static final double MAX_RATIO = 16;

    private final String function;
    private volatile double nanos; // 0: nothing seen yet

    /** @param function its name */
    public UsualLatency(String function) {
        this.function = function;
    }

    String function() {
        return function;
    }

    /** Takes one latency in. @return it relative to the usual one: 1 = as usual, 2 = twice as slow; 1/16 to 16 */
    double observe(long latencyNanos) {
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

    /** Nanoseconds; 0 before the first observation. */
    public double nanos() {
        return nanos;
    }
}
