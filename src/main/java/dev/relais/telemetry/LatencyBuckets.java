package dev.relais.telemetry;

/**
 * Buckets for latencies: four in each doubling, from 64 µs to about two minutes, so that a quantile that is read from them is off by an
 * eighth at the most. All methods are pure.
 */
final class LatencyBuckets {
    /** How many buckets there are. */
    static final int COUNT = 84;

    /** What is returned for a quantile of nothing. */
    static final double NONE = -1;

    private static final int UNIT_BITS = 10; // 1,024 ns are the unit
    private static final int FIRST_BITS = 6; // 64 units are where the first bucket begins

    private LatencyBuckets() {}

    /** The bucket of a latency in nanoseconds. What is too short or too long counts in the first or the last one. */
    static int of(long nanos) {
        long units = nanos >> UNIT_BITS;
        if (units < 1L << FIRST_BITS) {
            return 0;
        }
        int bits = 63 - Long.numberOfLeadingZeros(units);
        int quarter = (int) (units >>> bits - 2) & 3;
        return Math.min(COUNT - 1, (bits - FIRST_BITS) * 4 + quarter);
    }

    /** Where a bucket begins, in milliseconds; 0 for the first one. */
    private static double beginMillis(int bucket) {
        return bucket == 0 ? 0 : (double) (4L + bucket % 4 << FIRST_BITS - 2 + bucket / 4) * (1 << UNIT_BITS) / 1e6;
    }

    /**
     * A quantile of latencies, in milliseconds.
     *
     * @param counts by bucket
     * @param before how many more there are that are shorter than all of these, and took no time
     * @param part 0 to 1
     * @return {@link #NONE} when there are none at all
     */
    static double quantile(int[] counts, long before, double part) {
        long all = before;
        for (int count : counts) {
            all += count;
        }
        if (all == 0) {
            return NONE;
        }
        double wanted = part * all - before;
        if (wanted <= 0) {
            return 0;
        }
        double passed = 0;
        for (int i = 0; i < COUNT; i++) {
            if (counts[i] > 0 && passed + counts[i] >= wanted) {
                double begin = beginMillis(i);
                return begin + (beginMillis(i + 1) - begin) * (wanted - passed) / counts[i];
            }
            passed += counts[i];
        }
        return beginMillis(COUNT);
    }
}
