package dev.relais.output;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** What waits for its writer, which may take so much memory and no more. Any thread. */
public final class BoundedQueue<E> {
    private final Queue<E> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final long capacity;
    private final ToIntFunction<E> size;

    /**
     * @param capacity in bytes
     * @param size about how many bytes one takes; always the same for the same one
     */
    public BoundedQueue(long capacity, ToIntFunction<E> size) {
        this.capacity = capacity;
        this.size = size;
    }

    /** Puts one in, without waiting. Returns false when there is no room for it. */
    public boolean offer(E one) {
        int more = size.applyAsInt(one);
        if (bytes.addAndGet(more) > capacity) {
            bytes.addAndGet(-more);
            return false;
        }
        waiting.add(one);
        return true;
    }

    /** Takes the first one out; null when it is empty. */
    @Nullable
    E poll() {
        E one = waiting.poll();
        if (one != null) {
            bytes.addAndGet(-size.applyAsInt(one));
        }
        return one;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Whether more than half of the room is taken. */
    public boolean isCrowded() {
        return bytes.get() > capacity / 2;
    }
}
