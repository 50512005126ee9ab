package dev.relais.cache;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Memory for bodies. From outside of the heap the kernel takes the bytes without a copy, but the collector takes that memory back only when
 * the heap is full, and one that finds it used up makes all threads wait. So no more than a half of it is used; the rest lies in the heap.
 * Any thread.
 */
final class OutsideHeap {
    /** Below this a copy into the buffer of the head costs less than a second buffer for the kernel. */
    static final int LEAST = 8 << 10;

    private final @Nullable BufferPoolMXBean pool; // null: not known in this virtual machine
    private final long most;

    OutsideHeap() {
        this(direct(), PlatformDependent.maxDirectMemory() / 2);
    }

    /**
     * @param pool null: nothing is known of it
     * @param most the bytes of all its buffers together
     */
    OutsideHeap(@Nullable BufferPoolMXBean pool, long most) {
        this.pool = pool;
        this.most = most;
    }

    private static @Nullable BufferPoolMXBean direct() {
        for (BufferPoolMXBean each : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            if (each.getName().equals("direct")) {
                return each;
            }
        }
        return null;
    }

    ByteBuffer buffer(int length) {
        if (length < LEAST || pool == null || pool.getMemoryUsed() + length > most) {
            return ByteBuffer.allocate(length);
        }
        try {
            return ByteBuffer.allocateDirect(length);
        } catch (OutOfMemoryError e) {
            return ByteBuffer.allocate(length); // others have used it up meanwhile
        }
    }
}
