package dev.relais.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory one kind of clients' bytes may take, those of all connections together, and how much it takes now. It is no
 * pool: whoever holds bytes counts them here, and asks it when to spool, to wait or to refuse. Any thread, no lock.
 */
public final class MemoryBudget {
    private final long capacity;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong refusals = new AtomicLong();

    MemoryBudget(long capacity) {
        this.capacity = capacity;
    }

    /** Takes so many bytes if there is room for them; counts a refusal. */
    public boolean tryTake(long bytes) {
        if (used.addAndGet(bytes) <= capacity) {
            return true;
        }
        used.addAndGet(-bytes);
        refusals.incrementAndGet();
        return false;
    }

    /** Counts bytes that are there already, whether there is room for them or not. @param bytes negative: they are gone */
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

    /** Whether even what cannot be avoided has come to half as much again: nothing new may begin. Counts a refusal. */
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

    /** How often something was refused for lack of room. */
    long refusals() {
        return refusals.get();
    }
}
