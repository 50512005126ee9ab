package dev.relais.admission;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One invocation in the queue. It leaves the queue exactly once for each time it entered: served, or left by itself (its wait is over, its client gone).
 */
public abstract class Waiter {
    private final AtomicBoolean left = new AtomicBoolean();

    /** It may wait again after it was served in vain. */
    final void enter() {
        left.set(false);
    }

    /** @return true for the one caller that takes the waiter out */
    final boolean leave() {
        return left.compareAndSet(false, true);
    }

    final boolean hasLeft() {
        return left.get();
    }
}
