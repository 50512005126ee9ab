package dev.relais.console;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Those who look at the console's stream: {@value #MOST} at the most. One that does not take a message in time misses the next ones, and
 * gets all at once when it can take something again; after {@value #MOST_MISSED} it is ended. So at most two messages are kept for each.
 * Any thread may add and remove; one publishes.
 */
final class Viewers {
    /** How many may look at a time. */
    static final int MOST = 64;

    /** How many messages one may miss in turn, which are as many seconds. */
    static final int MOST_MISSED = 60;

    /** The connection of one. */
    interface Line {
        /** Whether it has not yet taken what was sent before. Any thread. */
        boolean isFull();

        /** Sends without waiting. Any thread. */
        void send(Buffer message);

        /** Ends it. Any thread. */
        void end();
    }

    /** One viewer. */
    static final class Viewer {
        private final Line line;
        private boolean knows; // whether it has got all messages so far; of the one that publishes, as missed
        private int missed;

        private Viewer(Line line) {
            this.line = line;
        }
    }

    private final List<Viewer> viewers = new CopyOnWriteArrayList<>();
    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean closed;

    /** Adds one; null when there are too many, or none are taken any more. */
    @Nullable
    Viewer add(Line line) {
        if (count.incrementAndGet() > MOST) {
            count.decrementAndGet();
            return null;
        }
        Viewer viewer = new Viewer(line);
        viewers.add(viewer);
        if (closed) {
            remove(viewer);
            return null;
        }
        return viewer;
    }

    /** Idempotent. */
    void remove(Viewer viewer) {
        if (viewers.remove(viewer)) {
            count.decrementAndGet();
        }
    }

    boolean isEmpty() {
        return viewers.isEmpty();
    }

    int size() {
        return viewers.size();
    }

    /**
     * Sends a message to all who can take it.
     *
     * @param all made at most once, when somebody needs it
     * @param now what is new since the call before
     * @param isNews whether everybody needs {@code all}
     */
    void publish(Supplier<Buffer> all, Buffer now, boolean isNews) {
        Buffer whole = null;
        for (Viewer viewer : viewers) {
            if (viewer.line.isFull()) {
                viewer.knows = false;
                if (++viewer.missed > MOST_MISSED) {
                    remove(viewer);
                    viewer.line.end();
                }
                continue;
            }
            viewer.missed = 0;
            if (viewer.knows && !isNews) {
                viewer.line.send(now);
            } else {
                whole = whole == null ? all.get() : whole;
                viewer.knows = true;
                viewer.line.send(whole);
            }
        }
    }

    /** Ends all, and takes no more. */
    void close() {
        closed = true;
        end();
    }

    /** Ends all. */
    void end() {
        for (Viewer viewer : viewers) {
            remove(viewer);
            viewer.line.end();
        }
    }
}
