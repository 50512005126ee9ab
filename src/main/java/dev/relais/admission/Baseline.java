package dev.relais.admission;

import dev.relais.MovingMean;

/**
 * How long a function's runs took on average when the function was at its fastest: the lowest mean that its last runs have had. It
 * rises to the present mean within about ten minutes, so that a function whose code or database has become slower for good does not
 * look congested for ever. Any thread.
 */
final class Baseline {
    /**
     * How many runs the mean covers. With fewer, the mean of a function whose every tenth run is slow would now and then be far below
     * the true one, and be kept as the lowest.
     */
    private static final int RUNS = 512;

    private static final double FORGETTING = 1.0 / 600; // of the distance to the present mean, at each tick

    private final MovingMean mean = MovingMean.ofAll(RUNS);
    private volatile double least;
    private volatile int tick;

    /**
     * @param now a clock in sampler intervals
     * @return how many times as long as at its fastest this run has held its child; negative while too few are known
     */
    double observe(long heldNanos, int now) {
        double average = mean.add(heldNanos);
        if (!mean.isFull()) {
            return -1;
        }
        if (least == 0 || average < least) {
            least = average;
        } else if (now != tick) {
            least = least + (average - least) * Math.min(1, (now - tick) * FORGETTING);
        }
        tick = now;
        return heldNanos / least;
    }
}
