package dev.relais.console;

import dev.relais.telemetry.InvocationObserver;
import dev.relais.telemetry.Timeline;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The last {@value #KEPT} requests that were slow, which is a second and more, or have failed in PHP, which is a 5xx after they had a child.
 * Those that were refused are not among them: there may be any number, and they have nothing to tell. Any thread.
 */
@Singleton
final class LastRequests implements InvocationObserver {
    static final int KEPT = 100;
    static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * One request. Moments are milliseconds since its head came, -1 when they have not come.
     *
     * @param number counts up from 1
     * @param at when its answer ended
     * @param id null when it has none
     * @param function null when it has reached none
     * @param source who has given the answer; null when nobody has
     * @param problem that the client got; null for none
     */
    record Entry(
            long number,
            Instant at,
            @Nullable String id,
            @Nullable String function,
            int status,
            @Nullable String source,
            @Nullable String problem,
            double body,
            double queued,
            double claimed,
            double firstByte,
            double lastByte,
            double end,
            int worker,
            long child,
            int retries,
            long bytesIn,
            long bytesOut) {
        JsonObject json() {
            return new JsonObject()
                    .put("number", number)
                    .put("at", at.toString())
                    .put("id", id)
                    .put("function", function)
                    .put("status", status)
                    .put("source", source)
                    .put("problem", problem)
                    .put("body", body)
                    .put("queued", queued)
                    .put("claimed", claimed)
                    .put("first", firstByte)
                    .put("last", lastByte)
                    .put("end", end)
                    .put("worker", worker)
                    .put("child", child)
                    .put("retries", retries)
                    .put("in", bytesIn)
                    .put("out", bytesOut);
        }
    }

    private final InstantSource clock;
    private final Deque<Entry> entries = new ArrayDeque<>(KEPT); // guarded by itself
    private long number; // guarded by entries

    @Inject
    LastRequests() {
        this(InstantSource.system());
    }

    LastRequests(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void ended(Timeline timeline) {
        boolean failed = timeline.status() >= 500 && timeline.claimedNanos() != Timeline.NEVER;
        if (failed || timeline.endNanos() >= SLOW_NANOS) {
            keep(timeline);
        }
    }

    private void keep(Timeline timeline) {
        Instant now = clock.instant();
        String id = timeline.request().id();
        Timeline.Source source = timeline.source();
        synchronized (entries) {
            if (entries.size() == KEPT) {
                entries.removeFirst();
            }
            entries.addLast(new Entry(
                    ++number,
                    now,
                    id,
                    timeline.functionName(),
                    timeline.status(),
                    source == null ? null : source.word(),
                    timeline.problem(),
                    millis(timeline.bodyNanos()),
                    millis(timeline.queuedNanos()),
                    millis(timeline.claimedNanos()),
                    millis(timeline.firstByteNanos()),
                    millis(timeline.lastByteNanos()),
                    millis(timeline.endNanos()),
                    timeline.worker(),
                    timeline.child(),
                    timeline.retries(),
                    timeline.bytesIn(),
                    timeline.bytesOut()));
        }
    }

    private static double millis(long nanos) {
        return nanos == Timeline.NEVER ? -1 : Math.round(nanos / 1e3) / 1e3;
    }

    /** The newest last. */
    List<Entry> last() {
        synchronized (entries) {
            return new ArrayList<>(entries);
        }
    }
}
