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
    private long leastNanos;
    private long recentNanos;

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
     * @param least for how long it is expected to hold a child at least, see {@link ServiceTime}
     * @param recent for how long the last runs of its function did
     */
    final void enter(long orderKey, long least, long recent) {
        key = orderKey;
        leastNanos = least;
        recentNanos = recent;
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
     * For how long it is expected to hold a child at least. This does not change after it has entered, so that it adds to a sum what
     * it takes off again later; nor does the next.
     */
    final long leastNanos() {
        return leastNanos;
    }

    final long recentNanos() {
        return recentNanos;
    }
}
