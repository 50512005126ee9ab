package dev.relais.slot;

import org.jspecify.annotations.Nullable;

/**
 * Whether the child of one slot has to be replaced although it works, and whether that has begun. Confined to the slot's event
 * loop.
 */
final class Replacement {
    private final Recycling recycling;
    private @Nullable RecycleReason due; // null when only the number of its requests may be a reason
    private volatile boolean running;

    Replacement(Recycling recycling) {
        this.recycling = recycling;
    }

    /** Asks for the replacement of the child as soon as it runs nothing. */
    void ask(RecycleReason reason) {
        due = reason;
    }

    /**
     * Begins the replacement if it is due. Called when the child runs nothing and its slot is not in use.
     *
     * @param served exchanges that it has ended
     * @return true when it is to be ended now; false when it may go on
     */
    boolean begin(long served) {
        RecycleReason reason = due == null && recycling.hasServedEnough(served) ? RecycleReason.REQUESTS : due;
        running = reason != null && recycling.begin(reason);
        return running;
    }

    /** Another child has replaced it, or the whole worker leaves. */
    void end() {
        due = null;
        if (running) {
            running = false;
            recycling.end();
        }
    }

    /** Whether the replacement has begun. Any thread. */
    boolean isRunning() {
        return running;
    }
}
