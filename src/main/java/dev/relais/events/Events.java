package dev.relais.events;

import dev.relais.LimitedLog;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Keeps the last events and logs each new one. Of each type the last {@value #KEPT} are kept, so that a flood of one type,
 * which a client may cause, does not push out the others; there are some twenty types. Any thread. A request that goes well
 * adds no event.
 */
@Singleton
public final class Events {
    /** How many events of each type are kept. */
    static final int KEPT = 32;

    private static final Logger LOG = Logger.getLogger(Events.class);
    private static final LimitedLog LIMITED = new LimitedLog(Events.class);

    /**
     * An event that was added.
     *
     * @param number counts up from 1 over all types
     * @param at when it happened, by the wall clock
     */
    public record Entry(long number, Instant at, Event event) {}

    private final Clock clock;
    private final Map<String, Deque<Entry>> kept = new HashMap<>(); // by type; guarded by itself
    private long added; // guarded by kept
    private volatile long ownWill; // how many events were added that no client can cause at will
    private final List<Consumer<Entry>> listeners = new CopyOnWriteArrayList<>();

    @Inject
    public Events() {
        this(Clock.systemUTC());
    }

    Events(Clock clock) {
        this.clock = clock;
    }

    /** Keeps an event, logs it and calls the listeners. */
    public void add(Event event) {
        Entry entry;
        synchronized (kept) {
            entry = new Entry(++added, clock.instant(), event);
            Deque<Entry> ring = kept.computeIfAbsent(event.type(), type -> new ArrayDeque<>(KEPT));
            if (ring.size() == KEPT) {
                ring.removeFirst();
            }
            ring.addLast(entry);
            if (event.floodOf() == null) {
                ownWill++;
            }
        }
        if (event.floodOf() == null) {
            LOG.log(event.level(), EventLine.of(event));
        } else {
            LIMITED.line(event.level(), event.words(), event.floodOf(), () -> EventLine.of(event));
        }
        for (Consumer<Entry> listener : listeners) {
            listener.accept(entry);
        }
    }

    /** The last events of all types, in the order in which they were added, so the newest is the last. */
    public List<Entry> last() {
        List<Entry> all = new ArrayList<>();
        synchronized (kept) {
            kept.values().forEach(all::addAll);
        }
        all.sort(Comparator.comparingLong(Entry::number));
        return all;
    }

    /** A number that changes with each event that no client can cause at will. It costs one read. */
    public long version() {
        return ownWill;
    }

    /**
     * Adds a listener, which the thread that adds an event calls. It must not block and must not throw.
     *
     * @return removes the listener
     */
    public Runnable listen(Consumer<Entry> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
