package dev.relais.slot;

/** Whether the process of one child is to be replaced though it works, and whether it is being. Confined to the slot's event loop. */
final class Replacement {
    private final Recycling recycling;
    private RecycleReason due; // null: it is not, or for its requests only
    private volatile boolean running;

    Replacement(Recycling recycling) {
        this.recycling = recycling;
    }

    /** It is to be, at the next moment at which it runs nothing. */
    void ask(RecycleReason reason) {
        due = reason;
    }

    /**
     * The process runs nothing, and nobody has its slot.
     *
     * @param served exchanges that it has ended
     * @return true when it is to be ended now; false when it may go on
     */
    boolean begin(long served) {
        RecycleReason reason = due == null && recycling.hasServedEnough(served) ? RecycleReason.REQUESTS : due;
        running = reason != null && recycling.begin(reason);
        return running;
    }

    /** Another process has taken its place, or the whole worker leaves. */
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
