package dev.relais.admission;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One invocation that may wait in the queue. It leaves the queue exactly once for each time it entered: served, or left by itself (its wait
 * is over, its client gone).
 */
public abstract class Waiter {
    private volatile Stay stay; // null: never waited

    /** It may wait again after it was served in vain: as another stay, so that nobody can take the new one for the old. */
    final Stay enter() {
        Stay entered = new Stay(this);
        stay = entered;
        return entered;
    }

    /** @return true for the one caller that takes the waiter out */
    final boolean leave() {
        Stay current = stay;
        return current != null && current.end();
    }

    /** From entering the queue to leaving it. */
    static final class Stay {
        private final Waiter waiter;
        private final AtomicBoolean over = new AtomicBoolean();

        private Stay(Waiter waiter) {
            this.waiter = waiter;
        }

        Waiter waiter() {
            return waiter;
        }

        boolean end() {
            return over.compareAndSet(false, true);
        }

        boolean isOver() {
            return over.get();
        }
    }
}
