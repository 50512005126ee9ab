package dev.relais.admission;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The waiters at one gate, first come, first served. It is a list linked through the waiters themselves, so that a waiter that
 * gives up is taken out in constant time wherever it stands. Confined to the thread that serves the {@link WaitingRoom}.
 */
final class Line<W extends Waiter<W>> implements Comparable<Line<W>> {
    final Gate gate;
    private @Nullable W first;
    private @Nullable W last;
    private long leastNanos;
    private long recentNanos;
    /** The priority under which its waiters count as ahead of others; -1 while it is empty or parked. */
    int countedAs = -1;

    boolean isHeldBack;

    Line(Gate gate) {
        this.gate = gate;
    }

    boolean isEmpty() {
        return first == null;
    }

    /** The first waiter; only while the line is not empty. */
    W first() {
        return Objects.requireNonNull(first);
    }

    /** For how long its waiters are expected to hold children, all together, at least. */
    long leastNanos() {
        return leastNanos;
    }

    /** The same by the last runs. */
    long recentNanos() {
        return recentNanos;
    }

    void add(W waiter) {
        waiter.inLine = true;
        waiter.before = last;
        waiter.after = null;
        if (last == null) {
            first = waiter;
        } else {
            last.after = waiter;
        }
        last = waiter;
        leastNanos += waiter.leastNanos();
        recentNanos += waiter.recentNanos();
    }

    void remove(W waiter) {
        waiter.inLine = false;
        if (waiter.before == null) {
            first = waiter.after;
        } else {
            waiter.before.after = waiter.after;
        }
        if (waiter.after == null) {
            last = waiter.before;
        } else {
            waiter.after.before = waiter.before;
        }
        waiter.before = null;
        waiter.after = null;
        leastNanos -= waiter.leastNanos();
        recentNanos -= waiter.recentNanos();
    }

    /** Compares by the key of the first waiter, and is never called on an empty line. Keys are clock readings, which may wrap. */
    @Override
    public int compareTo(Line<W> other) {
        return Long.signum(first().key() - other.first().key());
    }
}
