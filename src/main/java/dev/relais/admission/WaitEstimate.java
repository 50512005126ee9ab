package dev.relais.admission;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How long an invocation that enters the waiting room now would wait: the number of those ahead, times how long a child is usually held,
 * divided by the number of children (Little's law). It is rough on purpose, because it only has to tell the invocations that have no
 * chance from those that have one. Any thread.
 */
final class WaitEstimate {
    /** Of a run in the moving mean: 128 runs are a fraction of a second of a busy gateway, and a single slow one does not decide. */
    private static final double WEIGHT = 1.0 / 128;

    private final Permits permits;
    /** How many wait for nothing but a child, by priority. */
    private final AtomicIntegerArray ready = new AtomicIntegerArray(Limits.HIGHEST_PRIORITY + 1);

    private volatile double usualNanos; // 0: nothing has ended yet

    WaitEstimate(Permits permits) {
        this.permits = permits;
    }

    /** More waiters, or fewer, are ready to take a child. */
    void ready(int priority, int change) {
        ready.addAndGet(priority, change);
    }

    /** A run has held its child for so long. */
    void held(long nanos) {
        double usual = usualNanos;
        usualNanos = usual == 0 ? nanos : usual + (nanos - usual) * WEIGHT;
    }

    /** For an invocation that would enter behind those of its own priority. */
    double nanos(Gate gate) {
        Limits limits = gate.limits();
        if (gate.isAtOwnLimit()) {
            return gate.usualNanos() * gate.waiting() / limits.concurrency();
        }
        if (gate.running() < limits.reserved()) {
            return 0;
        }
        int ahead = 1;
        for (int priority = limits.priority(); priority <= Limits.HIGHEST_PRIORITY; priority++) {
            ahead += ready.get(priority);
        }
        int children = permits.usable();
        return children == 0
                ? 0
                : usualNanos * ahead / children; // none now: a master restarts in a fraction of a second
    }
}
