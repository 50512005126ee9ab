package dev.relais.system;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.function.LongSupplier;

/**
 * Finds out whether the heap is exhausted, which means nearly full of objects in use. A part of what fills it may be garbage.
 * So when much of it is used, a garbage collection is requested, though seldom, and what is left after it decides. The heap
 * counts as exhausted until a check finds enough free memory again. Any thread.
 */
public final class HeapWatch {
    private static final double MUCH = 0.9;
    private static final double EXHAUSTED = 0.95;

    /** The least time between two collections, since one of a large heap stops the gateway for a second. */
    private static final long PAUSE_NANOS = 30_000_000_000L;

    private final LongSupplier used;
    private final long max;
    private final Runnable collection;
    private final LongSupplier nanos;
    private boolean exhausted;
    private boolean collected;
    private long collectedNanos;

    /**
     * @param used bytes in use, including garbage
     * @param max the most bytes
     * @param nanos the clock
     */
    HeapWatch(LongSupplier used, long max, Runnable collection, LongSupplier nanos) {
        this.used = used;
        this.max = max;
        this.collection = collection;
        this.nanos = nanos;
    }

    /** Watches the memory pool of the old objects, which is the largest of the heap. */
    public static HeapWatch ofThisProcess() {
        MemoryPoolMXBean largest = null;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP
                    && (largest == null
                            || pool.getUsage().getMax() > largest.getUsage().getMax())) {
                largest = pool;
            }
        }
        MemoryPoolMXBean old = largest;
        Runtime runtime = Runtime.getRuntime();
        return old == null || old.getUsage().getMax() <= 0
                ? new HeapWatch(
                        () -> runtime.totalMemory() - runtime.freeMemory(),
                        runtime.maxMemory(),
                        System::gc,
                        System::nanoTime)
                : new HeapWatch(() -> old.getUsage().getUsed(), old.getUsage().getMax(), System::gc, System::nanoTime);
    }

    public synchronized boolean isExhausted() {
        if (used.getAsLong() < max * MUCH) {
            exhausted = false;
        } else if (!collected || nanos.getAsLong() - collectedNanos >= PAUSE_NANOS) {
            collection.run();
            collected = true;
            collectedNanos = nanos.getAsLong();
            exhausted = used.getAsLong() >= max * EXHAUSTED;
        }
        return exhausted;
    }
}
