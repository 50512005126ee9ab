package dev.relais.telemetry;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/** How many times fell into each of the {@link LatencyBuckets}. It takes its memory at the first, since most functions of many are idle. Any thread. */
final class BucketCounts {
    private volatile @Nullable AtomicIntegerArray counts; // they may overflow: differences count

    void add(long nanos) {
        AtomicIntegerArray there = counts;
        (there == null ? made() : there).getAndIncrement(LatencyBuckets.of(nanos));
    }

    int get(int bucket) {
        AtomicIntegerArray there = counts;
        return there == null ? 0 : there.get(bucket);
    }

    private synchronized AtomicIntegerArray made() {
        AtomicIntegerArray there = counts;
        if (there == null) {
            there = new AtomicIntegerArray(LatencyBuckets.COUNT);
            counts = there;
        }
        return there;
    }
}
