package dev.relais.telemetry;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The last {@link Snapshot}, and when it is too old for a reader the next one. The sampler has one made at each of its intervals; beside
 * it readers cost at most {@value #SCRAPES_PER_SECOND} looks a second, and at most one a second at the processes, however many they are.
 *
 * <p>What a child's memory is takes a long walk through /proc, some tenths of a millisecond for each child. So it is looked up for
 * operators alone ({@link #whole}), and unknown in all other snapshots. Any thread.
 */
@Singleton
public class Snapshots {
    /** A reader for whom counters of a tenth of a second ago are old makes a new snapshot: one scrape reads one or two of them. */
    static final int SCRAPES_PER_SECOND = 10;

    private static final long SCRAPE_AGE_NANOS = TimeUnit.SECONDS.toNanos(1) / SCRAPES_PER_SECOND;
    private static final long WHOLE_AGE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Where snapshots come from. */
    interface Source {
        /** @param processes whether the memory of each child is looked up, which blocks shortly; else it is unknown */
        Snapshot look(boolean processes, Instant now, long nowNanos);

        /** False when somebody has published something since that an operator waits for. Costs some reads. */
        boolean isCurrent(Snapshot snapshot);
    }

    private final Source source;
    private final Clock clock;
    private final LongSupplier nanos;
    private volatile @Nullable Snapshot last; // null: none yet
    private volatile @Nullable Snapshot whole; // null: none yet

    @Inject
    Snapshots(SnapshotMaker maker) {
        this(maker, Clock.systemUTC(), System::nanoTime);
    }

    /** @param nanos as {@link System#nanoTime} */
    Snapshots(Source source, Clock clock, LongSupplier nanos) {
        this.source = source;
        this.clock = clock;
        this.nanos = nanos;
    }

    /** Makes a new one. For the sampler, at the end of each sample. */
    public void take() {
        last = look(false);
    }

    /** One not older than a sampler's interval, as a rule; costs a read. */
    public Snapshot last() {
        Snapshot current = last;
        return current == null ? recent() : current;
    }

    /** One of the last tenth of a second. */
    Snapshot recent() {
        Snapshot current = last;
        return current != null && isWithin(current, SCRAPE_AGE_NANOS) ? current : recentOrNew();
    }

    private synchronized Snapshot recentOrNew() {
        Snapshot current = last;
        if (current == null || !isWithin(current, SCRAPE_AGE_NANOS)) {
            current = look(false);
            last = current;
        }
        return current;
    }

    /**
     * One of the last second, with the memory of each child. What an event has told of before the call is in it, unless a client can cause
     * such events at will. May block shortly: not for an event loop.
     */
    public Snapshot whole() {
        Snapshot current = whole;
        return current != null && isStillWhole(current) ? current : wholeOrNew();
    }

    private synchronized Snapshot wholeOrNew() {
        Snapshot current = whole;
        if (current == null || !isStillWhole(current)) {
            current = look(true);
            whole = current;
            last = current;
        }
        return current;
    }

    private boolean isStillWhole(Snapshot snapshot) {
        return isWithin(snapshot, WHOLE_AGE_NANOS) && source.isCurrent(snapshot);
    }

    private boolean isWithin(Snapshot snapshot, long ageNanos) {
        return nanos.getAsLong() - snapshot.sampledNanos() < ageNanos;
    }

    private Snapshot look(boolean processes) {
        return source.look(processes, clock.instant(), nanos.getAsLong());
    }
}
