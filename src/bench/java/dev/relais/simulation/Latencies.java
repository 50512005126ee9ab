package dev.relais.simulation;

/** A histogram of seconds; buckets are 1.6 % wide. */
final class Latencies {
    private static final int SHIFT = 46; // exponent and six bits of the fraction
    private static final int LOWEST = (int) (Double.doubleToRawLongBits(1e-6) >>> SHIFT);
    private static final int BUCKETS = (int) (Double.doubleToRawLongBits(1e5) >>> SHIFT) - LOWEST + 1;

    private final long[] counts = new long[BUCKETS];
    private long total;

    void add(double seconds) {
        int bucket = (int) (Double.doubleToRawLongBits(seconds) >>> SHIFT) - LOWEST;
        counts[Math.max(0, Math.min(BUCKETS - 1, bucket))]++;
        total++;
    }

    long total() {
        return total;
    }

    /** In milliseconds. */
    double percentile(double share) {
        long left = (long) Math.ceil(share * total);
        int bucket = -1;
        while (left > 0) {
            left -= counts[++bucket];
        }
        return 1_000 * Double.longBitsToDouble((long) (bucket + LOWEST) << SHIFT | 1L << SHIFT - 1);
    }
}
