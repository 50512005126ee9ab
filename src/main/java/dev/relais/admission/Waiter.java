package dev.relais.admission;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An invocation that may wait in the {@link WaitingRoom}. It leaves the room exactly once for each time it entered: because it is served,
 * or by itself when its wait is over or its client gone.
 *
 * <p>Its place in the line belongs to the thread that serves the room; any thread may use the rest.
 */
public abstract class Waiter<W extends Waiter<W>> {
    private static final int OUTSIDE = 0;
    private static final int WAITING = 1;

    private final AtomicInteger state = new AtomicInteger(OUTSIDE);

    @SuppressWarnings("NullAway.Init") // set before it is submitted, and not asked for before
    private Gate gate;

    private long bytes;
    private long key;
    private long expectedNanos;

    @Nullable
    W before;

    @Nullable
    W after;

    boolean inLine;

    /** Sets the gate that it goes through; before it is submitted, each time. */
    protected final void gate(Gate own) {
        gate = own;
    }

    public final Gate gate() {
        return gate;
    }

    /** Sets what it takes in memory while it waits; before it is submitted first. */
    protected final void bytes(long taken) {
        bytes = taken;
    }

    final long bytes() {
        return bytes;
    }

    /**
     * @param orderKey the lower, the earlier it is served; a {@link System#nanoTime} moved by the priority
     * @param nanos for how long it is expected to hold a child
     */
    final void enter(long orderKey, long nanos) {
        key = orderKey;
        expectedNanos = nanos;
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

    /**
     * How long it is expected to hold a child. The value does not change after it has entered, so that it adds to a sum what it
     * later subtracts.
     */
    final long expectedNanos() {
        return expectedNanos;
    }
}
