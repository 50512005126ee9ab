package dev.relais.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory one kind of clients' bytes may take on all connections together, and how much it takes now. It is no pool:
 * code that holds bytes counts them here, and asks here when to spool, to wait or to refuse. Any thread, no lock.
 */
public final class MemoryBudget {
    private volatile long capacity;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong refusals = new AtomicLong();

    MemoryBudget(long capacity) {
        this.capacity = capacity;
    }

    /** Changes how much there may be. What is there already stays, though it may be more. */
    void resize(long bytes) {
        capacity = bytes;
    }

    /** Takes {@code bytes} if the budget has them left. A refusal is counted. */
    public boolean tryTake(long bytes) {
        if (used.addAndGet(bytes) <= capacity) {
            return true;
        }
        used.addAndGet(-bytes);
        refusals.incrementAndGet();
        return false;
    }

    /**
     * Counts bytes that already exist, whether or not the budget has them left.
     *
     * @param bytes negative when they are released
     */
    public void count(long bytes) {
        if (bytes != 0) {
            used.addAndGet(bytes);
        }
    }

    public void giveBack(long bytes) {
        used.addAndGet(-bytes);
    }

    /** Whether no more should be kept in memory than has to be. */
    public boolean isUsedUp() {
        return used.get() >= capacity;
    }

    /** Whether the budget is exceeded by half, so that nothing new may begin. A refusal is counted. */
    public boolean refuses() {
        if (used.get() < capacity + capacity / 2) {
            return false;
        }
        refusals.incrementAndGet();
        return true;
    }

    long used() {
        return used.get();
    }

    /** Bytes that there may be. */
    public long capacity() {
        return capacity;
    }

    /** How often bytes were refused because the budget was used up. */
    long refusals() {
        return refusals.get();
    }
}
