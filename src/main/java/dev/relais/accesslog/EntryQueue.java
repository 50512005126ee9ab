package dev.relais.accesslog;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The entries that wait for the writer, which may take so much memory and no more. Any thread puts them in, one takes them out. */
final class EntryQueue {
    private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final long capacity;

    /** @param capacity in bytes */
    EntryQueue(long capacity) {
        this.capacity = capacity;
    }

    /** @return false when there is no room for it */
    boolean offer(Entry entry) {
        int size = entry.bytes();
        if (bytes.addAndGet(size) > capacity) {
            bytes.addAndGet(-size);
            return false;
        }
        entries.add(entry);
        return true;
    }

    /** @return null when it is empty */
    @Nullable
    Entry poll() {
        Entry entry = entries.poll();
        if (entry != null) {
            bytes.addAndGet(-entry.bytes());
        }
        return entry;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Whether more than half of the room is taken. */
    boolean isCrowded() {
        return bytes.get() > capacity / 2;
    }
}
