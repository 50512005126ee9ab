package dev.relais.files;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Files in memory, or open, with what was decided of them, and scripts that are where they were asked for, for a second: what many clients
 * ask for is looked up, judged and read twice a second. A change of the file, of its rights, or of a link on its path shows within that
 * second. Any thread.
 */
final class KeptPlaces {
    static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** From then on the next request looks it up anew, while others still get what is there. */
    static final long RENEW_NANOS = MOST_NANOS / 2;

    private static final int MOST = 4_096;
    private static final int MOST_OPEN = 256;
    private static final int OVERHEAD = 1_024; // of an entry besides its bytes and the texts of its key
    /** A full memory is not gone through for each of those that find no room, since what is in it takes a second to get old. */
    private static final long SWEEP_NANOS = MOST_NANOS / 10;

    /** What is kept. Its age counts from the begin of the look-up. */
    private record Entry(
            ApplicationPlace place, @Nullable OpenFile file, long beganNanos, long weight, AtomicBoolean renewed) {
        boolean isOpen() {
            return file != null && file.bytes() == null;
        }
    }

    private final Map<Demand.Key, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicLong used = new AtomicLong();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong sweptNanos;
    private final long most;
    private final LongSupplier clock;

    /**
     * @param most bytes
     * @param clock nanoseconds, as {@link System#nanoTime}
     */
    KeptPlaces(long most, LongSupplier clock) {
        this.most = most;
        this.clock = clock;
        this.sweptNanos = new AtomicLong(clock.getAsLong() - SWEEP_NANOS);
    }

    /** @return null when it has to be looked up; the caller closes its file */
    @Nullable
    ApplicationPlace get(Demand.Key key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return null;
        }
        long age = clock.getAsLong() - entry.beganNanos;
        boolean isForThis = age < MOST_NANOS && (age < RENEW_NANOS || !entry.renewed.compareAndSet(false, true));
        if (!isForThis) {
            return null;
        }
        if (!entry.isOpen()) {
            return entry.place;
        }
        OpenFile own = Objects.requireNonNull(entry.file).shared();
        return own == null ? null : entry.place.of(own);
    }

    /**
     * Keeps a place, if there is room.
     *
     * @param file of the place, in memory or for this use; null for a script
     * @param bytes in memory, also where others hold them, too: they stay as long as this does
     * @param beganNanos when its look-up began
     */
    void put(Demand.Key key, ApplicationPlace place, @Nullable OpenFile file, int bytes, long beganNanos) {
        long text =
                2L * (key.path().length() + key.host().length() + key.codings().length());
        Entry entry = new Entry(place, file, beganNanos, bytes + text + OVERHEAD, new AtomicBoolean());
        remove(key);
        if (isFull(entry)) {
            sweepIfDue();
        }
        if (isFull(entry)) {
            OpenFile.close(file);
            return;
        }
        count(entry, 1);
        Entry other = entries.put(key, entry); // that came meanwhile
        if (other != null) {
            end(other);
        }
    }

    private boolean isFull(Entry entry) {
        return entries.size() >= MOST || used.get() + entry.weight > most || entry.isOpen() && open.get() >= MOST_OPEN;
    }

    private void count(Entry entry, int sign) {
        used.addAndGet(sign * entry.weight);
        if (entry.isOpen()) {
            open.addAndGet(sign);
        }
    }

    private void end(Entry entry) {
        count(entry, -1);
        OpenFile.close(entry.file);
    }

    void remove(Demand.Key key) {
        Entry former = entries.remove(key);
        if (former != null) {
            end(former);
        }
    }

    private void sweepIfDue() {
        long now = clock.getAsLong();
        long last = sweptNanos.get();
        if (now - last >= SWEEP_NANOS && sweptNanos.compareAndSet(last, now)) {
            sweep();
        }
    }

    /** Forgets what is too old to be given. */
    void sweep() {
        long now = clock.getAsLong();
        entries.forEach((key, entry) -> {
            if (now - entry.beganNanos >= MOST_NANOS && entries.remove(key, entry)) {
                end(entry);
            }
        });
    }

    void clear() {
        entries.keySet().forEach(this::remove);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** How many files are open. */
    int openFiles() {
        return open.get();
    }

    /** The bytes that are kept. */
    long usedBytes() {
        return used.get();
    }
}
