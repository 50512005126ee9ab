package dev.relais.admission;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Permits for the children that no function has reserved: each run beyond its function's reservation holds one. So as many children as
 * are reserved are always left over, and all functions share the others. At least one permit exists, so that one dead worker cannot
 * starve functions without a reservation. Any thread, no lock.
 */
public final class Permits {
    private final AtomicInteger used = new AtomicInteger();
    private final AtomicInteger reserved = new AtomicInteger();
    private final ComputingLimit computing;
    private final Queue<Gate> active = new ConcurrentLinkedQueue<>(); // whose runs have ended since the last tick
    private volatile int capacity = Integer.MAX_VALUE;

    public Permits() {
        this(ComputingLimit.none());
    }

    Permits(ComputingLimit computing) {
        this.computing = computing;
    }

    ComputingLimit computing() {
        return computing;
    }

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

    /**
     * Changes the number of permits that are held, because a reservation has changed while invocations run. More may then be
     * held than the limit allows.
     */
    void correct(int change) {
        used.addAndGet(change);
    }

    /** Changes the number of reserved children by {@code change}. */
    void reserve(int change) {
        reserved.addAndGet(change);
    }

    /** How many may be taken now. Without reservations the free children alone decide. */
    private int limit() {
        int kept = reserved.get();
        return kept == 0 ? Integer.MAX_VALUE : Math.max(1, capacity - kept);
    }

    /**
     * Lets the gates and the limits learn from what was observed. Called once for each sampler interval.
     *
     * @return whether more may be taken than before
     */
    boolean adapt() {
        for (Gate gate; (gate = active.poll()) != null; ) {
            gate.tick();
        }
        return computing.tick(capacity);
    }

    /** Runs through this gate have ended, so it takes part in the next tick. */
    void ticks(Gate gate) {
        active.add(gate);
    }

    /** How many functions are limited now because they compute. */
    public int computingFunctions() {
        return computing.size();
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
