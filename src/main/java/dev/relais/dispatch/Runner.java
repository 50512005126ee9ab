package dev.relais.dispatch;

import dev.relais.admission.Waiter;
import dev.relais.slot.Slot;

/** An invocation as {@link Dispatch} sees it, which is to get a child at once or after a wait. */
public abstract class Runner extends Waiter<Runner> {
    /** The index of the event loop that it stays on; a child that is connected on the same loop is preferred. Any thread. */
    public abstract int loopIndex();

    /** Runs on this child. The slot is now owned by the runner, which has passed its function's gate. Any event loop. */
    public abstract void run(Slot claimed);

    /** How long it can wait from now on, in nanoseconds. Called on its own event loop when no child was free. */
    public abstract long maxWaitNanos();

    /** It has entered the waiting room. Called on its own event loop; another loop may have found a child for it already. */
    public abstract void waits();
}
