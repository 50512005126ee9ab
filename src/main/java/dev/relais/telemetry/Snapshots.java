package dev.relais.telemetry;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives the last {@link Snapshot}, or a new one when the last is too old for the reader. Where nobody reads, none is made. Readers
 * cause at most {@value #SCRAPES_PER_SECOND} snapshots a second, and at most one a second that looks at the processes, however many
 * readers there are.
 *
 * <p>Finding a child's memory takes some tenths of a millisecond of reading /proc for each child. So it is done only for
 * operators ({@link #whole}), and the memory is unknown in all other snapshots. Any thread.
 */
@Singleton
public class Snapshots {
    /**
     * How many snapshots a second scrapes may cause. A scrape makes a new snapshot when the last is older than a tenth of a
     * second, so that one scrape reads one or two of them.
     */
    static final int SCRAPES_PER_SECOND = 10;

    private static final long SCRAPE_AGE_NANOS = TimeUnit.SECONDS.toNanos(1) / SCRAPES_PER_SECOND;
    private static final long WHOLE_AGE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Makes snapshots. */
    interface Source {
        /** @param processes whether the memory of each child is read, which blocks for a short time; otherwise it is unknown */
        Snapshot look(boolean processes, Instant now, long nowNanos);

        /** False when something that an operator may wait for was published after the snapshot. It costs some reads. */
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

    /** Makes a new snapshot. */
    public void take() {
        last = look(false);
    }

    /** A snapshot that is at most a tenth of a second old. */
    public Snapshot recent() {
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
     * A snapshot that is at most a second old, with the memory of each child. It includes everything that an event reported
     * before the call, unless a client can cause such events at will. It may block for a short time, so it must not be called
     * on an event loop.
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
