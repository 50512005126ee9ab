package dev.relais.admission;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The part of the children that no function has reserved, counted in permits: who runs beyond its function's reservation holds
 * one. So the reserved children are always left over, and everything else is shared by all. Any thread, no lock.
 */
public final class Permits {
    private final AtomicInteger used = new AtomicInteger();
    private final AtomicInteger reserved = new AtomicInteger();
    private volatile int capacity = Integer.MAX_VALUE;

    /** @return false when all are taken */
    boolean tryAcquire() {
        int now = used.get();
        int limit = limit();
        while (now < limit) {
            if (used.compareAndSet(now, now + 1)) {
                return true;
            }
            now = used.get();
        }
        return false;
    }

    void release() {
        used.decrementAndGet();
    }

    /** A reservation has changed while invocations run: what they hold counts anew. May go beyond the limit, until they end. */
    void correct(int change) {
        used.addAndGet(change);
    }

    void reserve(int change) {
        reserved.addAndGet(change);
    }

    /** How many may be taken now. Without reservations the free children alone decide. */
    private int limit() {
        int kept = reserved.get();
        return kept == 0 ? Integer.MAX_VALUE : capacity - kept;
    }

    /** @param children that can serve now; the reservations are taken from them */
    public void capacity(int children) {
        capacity = children;
    }

    /** Children that can serve, as last told; {@link Integer#MAX_VALUE} before. */
    public int capacity() {
        return capacity;
    }

    /** Children reserved, over all functions. */
    public int reserved() {
        return reserved.get();
    }

    /** Invocations that run on shared children. */
    public int used() {
        return used.get();
    }
}
