package dev.relais.admission;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * One invocation that may wait in the room. It leaves exactly once for each time it entered: served, or by itself (its wait is
 * over, its client gone).
 *
 * <p>Its place in the line belongs to whoever serves the room; the state is any thread's.
 */
public abstract class Waiter {
    private static final int OUTSIDE = 0;
    private static final int WAITING = 1;

    private final AtomicInteger state = new AtomicInteger(OUTSIDE);
    private Gate gate;
    private long key;
    Waiter before;
    Waiter after;
    boolean inLine;

    /** Once, before it waits. */
    protected final void gate(Gate own) {
        gate = own;
    }

    public final Gate gate() {
        return gate;
    }

    /** @param orderKey the lower, the earlier it is served; a {@link System#nanoTime} moved by the priority */
    final void enter(long orderKey) {
        key = orderKey;
        state.set(WAITING);
    }

    /** @return true for the one caller that takes the waiter out */
    final boolean leave() {
        return state.compareAndSet(WAITING, OUTSIDE);
    }

    final boolean isWaiting() {
        return state.get() == WAITING;
    }

    final long key() {
        return key;
    }
}
