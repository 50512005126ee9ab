package dev.relais.slot;

import dev.relais.LogText;
import dev.relais.events.Events;
import dev.relais.events.RequestEvent;
import dev.relais.events.WorkerEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * What has happened to one resident function, in all its children of all generations: for meters, status and console. Told on event
 * loops, each call in a bounded time; read by any thread.
 */
public final class ResidentFacts {
    /** How many requests are kept that have left something behind. */
    static final int KEPT = 20;

    /**
     * A boot that has failed.
     *
     * @param reason what PHP, or its script, has said; bounded, and with what is hidden in it escaped
     */
    public record BootFailure(Instant at, String reason) {}

    /**
     * A request that has left something behind.
     *
     * @param requestId null for none
     * @param findings what it has left
     * @param put what else it had changed, which was put back
     * @param strict whether its child ended for it
     */
    public record Left(
            Instant at, @Nullable String requestId, List<Leftover> findings, List<String> put, boolean strict) {
        public Left {
            findings = List.copyOf(findings);
            put = List.copyOf(put);
        }

        /** Each finding in one line, for people. */
        public List<String> lines() {
            List<String> lines = new ArrayList<>(findings.size());
            for (Leftover finding : findings) {
                lines.add(finding.line());
            }
            return lines;
        }
    }

    private final String function;
    private final Events events;
    private final Clock clock;
    private final AtomicLong boots = new AtomicLong();
    private final AtomicLong bootMillis = new AtomicLong();
    private final AtomicLong failedBoots = new AtomicLong();
    private final AtomicLongArray leftovers = new AtomicLongArray(Leftover.Kind.values().length);
    private final Deque<Left> left = new ArrayDeque<>(KEPT); // guarded by itself
    private volatile @Nullable Instant lastBoot;
    private volatile @Nullable BootFailure lastFailure;

    ResidentFacts(String function, Events events, Clock clock) {
        this.function = function;
        this.events = events;
        this.clock = clock;
    }

    /**
     * A child has booted the application.
     *
     * @param millis how long it took
     */
    public void booted(long millis) {
        bootMillis.addAndGet(millis);
        lastBoot = clock.instant();
        boots.incrementAndGet();
    }

    /**
     * A child could not boot it.
     *
     * @param worker its id
     * @param reason what PHP, or its script, has said
     */
    public void bootFailed(int worker, String reason) {
        failedBoots.incrementAndGet();
        lastFailure = new BootFailure(clock.instant(), LogText.escape(reason, LogText.LONGEST));
        events.add(new WorkerEvent.BootFailed(worker, function, reason));
    }

    /**
     * A checked request has left something behind.
     *
     * @param requestId the id of the request; null for none
     * @param json the line in which the child tells it, see {@link LeftoverLine}; nothing happens when it tells of nothing
     */
    public void left(@Nullable String requestId, String json) {
        LeftoverLine told = LeftoverLine.of(json);
        if (told.findings().isEmpty()) {
            return;
        }
        for (Leftover finding : told.findings()) {
            leftovers.incrementAndGet(finding.kind().ordinal());
        }
        Left entry = new Left(clock.instant(), requestId, told.findings(), told.put(), told.strict());
        synchronized (left) {
            if (left.size() == KEPT) {
                left.removeFirst();
            }
            left.addLast(entry);
        }
        events.add(new RequestEvent.LeftBehind(function, requestId, entry.lines(), entry.strict()));
    }

    /** How often it was booted. */
    public long boots() {
        return boots.get();
    }

    /** How long that took in all, in milliseconds. */
    public long bootMillis() {
        return bootMillis.get();
    }

    /** How often it could not be booted. */
    public long failedBoots() {
        return failedBoots.get();
    }

    /** How many things of a kind checked requests have left behind. */
    public long leftovers(Leftover.Kind kind) {
        return leftovers.get(kind.ordinal());
    }

    /** When it was booted last; null before the first time. */
    public @Nullable Instant lastBoot() {
        return lastBoot;
    }

    /** Null when each boot went well. */
    public @Nullable BootFailure lastFailure() {
        return lastFailure;
    }

    /** The last {@value #KEPT} requests that have left something behind, the newest last. */
    public List<Left> lastLeft() {
        synchronized (left) {
            return new ArrayList<>(left);
        }
    }
}
