package dev.relais.admission;

import java.util.ArrayDeque;
import java.util.PriorityQueue;

/**
 * The lines of all functions, and which of them is to be served next. Confined to whoever serves the {@link WaitingRoom}.
 *
 * <p>A line is <i>ready</i> when it waits for nothing but a child; <i>parked</i> when its function runs as often as it may, until
 * one of its own has ended; <i>starved</i> when all children that are not kept for others are taken, until anybody has ended.
 */
final class Lines {
    private final WaitEstimate estimate;
    private final PriorityQueue<Line> ready = new PriorityQueue<>();
    private final ArrayDeque<Line> starved = new ArrayDeque<>();

    Lines(WaitEstimate estimate) {
        this.estimate = estimate;
    }

    boolean isReady() {
        return !ready.isEmpty();
    }

    /** Who is probably next; only while there {@link #isReady} a line. */
    Waiter first() {
        return ready.peek().first();
    }

    void add(Waiter waiter) {
        Line line = waiter.gate().line;
        line.add(waiter);
        if (line.countedAs >= 0) {
            estimate.ready(line.countedAs, 1);
        } else if (!line.gate.isAtOwnLimit()) {
            makeReady(line);
        }
    }

    void remove(Waiter waiter) {
        Line line = waiter.gate().line;
        // Its place goes by the first waiter, who would be another one.
        boolean placed = line.first() == waiter && ready.remove(line);
        line.remove(waiter);
        if (line.countedAs >= 0) {
            estimate.ready(line.countedAs, -1);
        }
        if (placed && !line.isEmpty()) {
            ready.add(line);
        } else if (placed) {
            line.countedAs = -1;
        }
    }

    /** One of this function has ended, so that its line may go on, and those that are starved as well. */
    void open(Gate gate) {
        makeReady(gate.line);
        Line line;
        while ((line = starved.poll()) != null) {
            if (line.isEmpty()) {
                line.countedAs = -1;
            } else {
                ready.add(line);
            }
        }
    }

    private void makeReady(Line line) {
        if (line.countedAs < 0 && !line.isEmpty()) {
            line.countedAs = line.gate.limits().priority();
            estimate.ready(line.countedAs, line.size());
            ready.add(line);
        }
    }

    /**
     * The first waiter in order whose function lets it through; taken out.
     *
     * @param starving to be set before the last try of a line that is starved then
     * @return null when no line is ready any more
     */
    Waiter next(Runnable starving) {
        Line line;
        while ((line = ready.poll()) != null) {
            Gate.Entry entry = line.gate.tryEnter();
            if (entry == Gate.Entry.NO_PERMIT) {
                starving.run();
                entry = line.gate.tryEnter();
            }
            switch (entry) {
                case NO_PERMIT -> starved.add(line); // the next one may have a reservation
                case OWN_LIMIT -> park(line);
                case ADMITTED -> {
                    Waiter first = takeFirst(line);
                    if (first != null) {
                        return first;
                    }
                    line.gate.exit(-1); // all of the line have left in this moment
                }
            }
        }
        return null;
    }

    private void park(Line line) {
        estimate.ready(line.countedAs, -line.size());
        line.countedAs = -1;
    }

    private Waiter takeFirst(Line line) {
        Waiter found = null;
        while (found == null && !line.isEmpty()) {
            Waiter first = line.first();
            line.remove(first);
            estimate.ready(line.countedAs, -1);
            found = first.leave() ? first : null;
        }
        if (line.isEmpty()) {
            line.countedAs = -1;
        } else {
            ready.add(line);
        }
        return found;
    }
}
