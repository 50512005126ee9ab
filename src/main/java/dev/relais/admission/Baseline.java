package dev.relais.admission;

/**
 * How long a function's runs took at its fastest, on average: the least that the mean of its last runs has been. It comes up to the
 * present mean in some ten minutes, so that a function that has become another one, or whose database has, is not held for
 * congestion for ever. Used by whoever ends a run; a lost update among several does not matter.
 */
final class Baseline {
    /** The mean is over so many runs: of fewer, one in ten slow ones would show as a least far below the true mean. */
    private static final int RUNS = 512;

    private static final double FORGETTING = 1.0 / 600; // each tick

    private volatile int count;
    private volatile double mean;
    private volatile double least;
    private volatile int tick;

    /**
     * @param tick a clock in sampler intervals
     * @return how many times as long as at its fastest this run has held its child; negative while too few are known
     */
    double observe(long heldNanos, int now) {
        int seen = Math.min(count + 1, RUNS);
        count = seen;
        double average = mean + (heldNanos - mean) / seen;
        mean = average;
        if (seen < RUNS) {
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
