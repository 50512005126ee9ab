package dev.relais.admission;

/**
 * The waiters of one function, first come, first served: a list through the waiters themselves, so that one who gives up is
 * taken out at once from wherever it stands. Confined to whoever serves the {@link WaitingRoom}.
 */
final class Line implements Comparable<Line> {
    final Gate gate;
    private Waiter first;
    private Waiter last;
    private int size;
    /** The priority under which it counts as ahead of others; -1 when it is empty or parked. */
    int countedAs = -1;

    Line(Gate gate) {
        this.gate = gate;
    }

    boolean isEmpty() {
        return first == null;
    }

    Waiter first() {
        return first;
    }

    int size() {
        return size;
    }

    void add(Waiter waiter) {
        waiter.inLine = true;
        waiter.before = last;
        waiter.after = null;
        if (last == null) {
            first = waiter;
        } else {
            last.after = waiter;
        }
        last = waiter;
        size++;
    }

    void remove(Waiter waiter) {
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
        size--;
    }

    /** By the key of the first waiter; never called on an empty line. Keys are clock readings, which may wrap. */
    @Override
    public int compareTo(Line other) {
        return Long.signum(first.key() - other.first.key());
    }
}
