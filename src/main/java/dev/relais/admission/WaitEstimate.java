package dev.relais.admission;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long an invocation that enters the waiting room now would wait at least: the work of those ahead, divided by the number
 * of children (Little's law). The work of each is the time for which its own function usually holds a child
 * ({@link ServiceTime}), so that a crowd of a fast function is not measured by a slow function beside it. The estimate only has
 * to distinguish invocations without a chance from the others; an invocation of a function that is not known yet always has a
 * chance. Any thread.
 */
final class WaitEstimate {
    private final Permits permits;
    /** Nanoseconds of work of those who wait for nothing but a child, by priority: at least, and by the last runs. */
    private final AtomicLongArray least = new AtomicLongArray(Limits.HIGHEST_PRIORITY + 1);

    private final AtomicLongArray recent = new AtomicLongArray(Limits.HIGHEST_PRIORITY + 1);

    WaitEstimate(Permits permits) {
        this.permits = permits;
    }

    /** Changes the work that is ready for a child by so many nanoseconds. */
    void ready(int priority, long leastNanos, long recentNanos) {
        least.addAndGet(priority, leastNanos);
        recent.addAndGet(priority, recentNanos);
    }

    /** The estimate for an invocation that would enter behind those of its own priority. */
    double nanos(Gate gate, long patienceNanos) {
        Limits limits = gate.limits();
        double own = gate.serviceNanos(patienceNanos);
        if (gate.isHeldBack()) {
            return own
                    * gate.waiting()
                    / Math.max(1, gate.running()); // its part of the processors is what it has of them now
        }
        if (gate.isAtOwnLimit()) {
            return own * gate.waiting() / limits.concurrency();
        }
        if (gate.running() < limits.reserved()) {
            return 0;
        }
        AtomicLongArray work = ServiceTime.isPatient(patienceNanos) ? least : recent;
        double ahead = own;
        for (int priority = limits.priority(); priority <= Limits.HIGHEST_PRIORITY; priority++) {
            ahead += work.get(priority);
        }
        int children = permits.capacity();
        return children == 0 ? 0 : ahead / children; // none while a master restarts, which takes a fraction of a second
    }
}
