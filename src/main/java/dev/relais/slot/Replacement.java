package dev.relais.slot;

import org.jspecify.annotations.Nullable;

/** Whether the child of one slot is to be replaced though it works, and whether that has begun. Confined to the slot's event loop. */
final class Replacement {
    private final Recycling recycling;
    private @Nullable RecycleReason due; // null: for no other reason than the number of its requests
    private volatile boolean running;

    Replacement(Recycling recycling) {
        this.recycling = recycling;
    }

    /** The child is to be replaced at the next moment at which it runs nothing. */
    void ask(RecycleReason reason) {
        due = reason;
    }

    /**
     * The child runs nothing, and nobody has its slot: begins its replacement if that is due.
     *
     * @param served exchanges that it has ended
     * @return true when it is to be ended now; false when it may go on
     */
    boolean begin(long served) {
        RecycleReason reason = due == null && recycling.hasServedEnough(served) ? RecycleReason.REQUESTS : due;
        running = reason != null && recycling.begin(reason);
        return running;
    }

    /** Another child has taken its place, or the whole worker leaves. */
    void end() {
        due = null;
        if (running) {
            running = false;
            recycling.end();
        }
    }

    /** Any thread. */
    boolean isRunning() {
        return running;
    }
}
