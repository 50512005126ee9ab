package dev.relais.admission;

import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The lines at all gates, and which of them is to be served next. Confined to the thread that serves the {@link WaitingRoom}.
 *
 * <p>A line is <i>ready</i> when it waits for nothing but a child; <i>parked</i> when its function runs as often as it may, until a run
 * of that function has ended; <i>starved</i> when all children that are not reserved for others are taken, until any run has ended;
 * <i>held back</i> when its function computes and enough runs do, likewise until any run has ended.
 */
final class Lines<W extends Waiter<W>> {
    private final WaitEstimate estimate;
    /** The lines of the gates at which an invocation waits, or which are starved. */
    private final Map<Gate, Line<W>> lines = new IdentityHashMap<>();

    private final PriorityQueue<Line<W>> ready = new PriorityQueue<>();
    private final ArrayDeque<Line<W>> starved = new ArrayDeque<>();
    private final ArrayDeque<Line<W>> heldBack = new ArrayDeque<>();

    Lines(WaitEstimate estimate) {
        this.estimate = estimate;
    }

    /** How many lines are kept. */
    int size() {
        return lines.size();
    }

    boolean isReady() {
        return !ready.isEmpty();
    }

    /** The waiter that is probably served next; only while a line {@link #isReady}. */
    W first() {
        return Objects.requireNonNull(ready.peek()).first();
    }

    void add(W waiter) {
        Line<W> line = lines.get(waiter.gate());
        if (line == null) {
            line = new Line<>(waiter.gate());
            lines.put(line.gate, line);
        }
        line.add(waiter);
        if (line.countedAs >= 0) {
            estimate.ready(line.countedAs, waiter.leastNanos(), waiter.recentNanos());
        } else if (!line.isHeldBack && !line.gate.isAtOwnLimit()) {
            makeReady(line);
        }
    }

    void remove(W waiter) {
        Line<W> line = Objects.requireNonNull(lines.get(waiter.gate())); // kept as long as somebody is in it
        // The place of a line depends on its first waiter, which is about to change.
        boolean placed = line.first() == waiter && ready.remove(line);
        line.remove(waiter);
        if (line.countedAs >= 0) {
            estimate.ready(line.countedAs, -waiter.leastNanos(), -waiter.recentNanos());
        }
        if (placed && !line.isEmpty()) {
            ready.add(line);
        } else if (placed) {
            line.countedAs = -1;
        }
        forgetIfUnused(line);
    }

    private void forgetIfUnused(Line<W> line) {
        if (line.isEmpty() && line.countedAs < 0) {
            lines.remove(line.gate);
        }
    }

    /** Makes ready the line of a gate that may admit more now, and all lines that are starved or held back. */
    void wake(Gate gate) {
        Line<W> line = lines.get(gate);
        if (line != null) {
            makeReady(line);
        }
        while ((line = starved.poll()) != null) {
            if (line.isEmpty()) {
                line.countedAs = -1;
                forgetIfUnused(line);
            } else {
                ready.add(line);
            }
        }
        while ((line = heldBack.poll()) != null) {
            line.isHeldBack = false;
            makeReady(line);
        }
    }

    private void makeReady(Line<W> line) {
        if (line.countedAs < 0 && !line.isEmpty()) {
            line.countedAs = line.gate.limits().priority();
            estimate.ready(line.countedAs, line.leastNanos(), line.recentNanos());
            ready.add(line);
        }
    }

    /**
     * The first waiter in order whose function lets it through; taken out.
     *
     * @param starving run before a line that was not let through tries for the last time, so that a thread that returns a
     *     permit later knows of the line
     * @return null when no line is ready any more
     */
    @Nullable
    W next(Runnable starving) {
        Line<W> line;
        while ((line = ready.poll()) != null) {
            Gate.Entry entry = line.gate.tryEnter();
            if (entry == Gate.Entry.NO_PERMIT || entry == Gate.Entry.HELD_BACK) {
                starving.run();
                entry = line.gate.tryEnter();
            }
            switch (entry) {
                case NO_PERMIT -> starved.add(line); // the next line may have a reservation
                case OWN_LIMIT -> park(line);
                case HELD_BACK -> {
                    park(line);
                    line.isHeldBack = true;
                    heldBack.add(line);
                }
                case ADMITTED -> {
                    W first = takeFirst(line);
                    if (first != null) {
                        return first;
                    }
                    line.gate.exit(-1); // all of the line have left in this moment
                }
            }
        }
        return null;
    }

    private void park(Line<W> line) {
        estimate.ready(line.countedAs, -line.leastNanos(), -line.recentNanos());
        line.countedAs = -1;
    }

    private @Nullable W takeFirst(Line<W> line) {
        W found = null;
        while (found == null && !line.isEmpty()) {
            W first = line.first();
            line.remove(first);
            estimate.ready(line.countedAs, -first.leastNanos(), -first.recentNanos());
            found = first.leave() ? first : null;
        }
        if (line.isEmpty()) {
            line.countedAs = -1;
            forgetIfUnused(line);
        } else {
            ready.add(line);
        }
        return found;
    }
}
