package dev.relais.admission;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Permits for the children that no function has reserved: each run beyond its function's reservation holds one. So as many children as
 * are reserved are always left over, and all functions share the others. At least one permit exists, so that one dead worker cannot
 * starve functions without a reservation. Any thread, no lock.
 */
public final class Permits {
    private final AtomicInteger used = new AtomicInteger();
    private final AtomicInteger reserved = new AtomicInteger();
    private final @Nullable AdaptiveLimit adaptive; // null when the number of children is the only limit
    private final Queue<Gate> active = new ConcurrentLinkedQueue<>(); // whose runs have ended since the last tick
    private volatile int capacity = Integer.MAX_VALUE;

    public Permits() {
        this(null);
    }

    Permits(@Nullable AdaptiveLimit adaptive) {
        this.adaptive = adaptive;
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

    /** How many may be taken now. Without reservations and an adaptive limit the free children alone decide. */
    private int limit() {
        int kept = reserved.get();
        return kept == 0 && adaptive == null ? Integer.MAX_VALUE : Math.max(1, usable() - kept);
    }

    /** How many invocations may run at a time: the children that can serve, or fewer by the adaptive limit. */
    public int usable() {
        return adaptive == null ? capacity : Math.min(capacity, adaptive.limit());
    }

    /**
     * Lets the gates, and the adaptive limit if there is one, learn from what was observed. Called once for each sampler
     * interval.
     *
     * @return whether more may be taken than before
     */
    boolean adapt() {
        for (Gate gate; (gate = active.poll()) != null; ) {
            gate.tick();
        }
        int before = usable();
        if (adaptive != null && capacity > 0 && capacity < Integer.MAX_VALUE) {
            int kept = reserved.get();
            adaptive.tick(Math.min(capacity, kept + 1), capacity, used.get() + kept);
        }
        return usable() > before;
    }

    /** Runs through this gate have ended, so it takes part in the next tick. */
    void ticks(Gate gate) {
        active.add(gate);
    }

    /** A run of this function has ended after so long. */
    void observe(Baseline function, long heldNanos) {
        if (adaptive != null) {
            double relative = function.observe(heldNanos, adaptive.ticks());
            if (relative >= 0) {
                adaptive.observe(relative);
            }
        }
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
