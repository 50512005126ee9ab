package dev.relais.console;

import dev.relais.telemetry.Timeline;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request that has ended, as the console shows it: what has become of it and where its time went, and nothing of its content. Moments are
 * milliseconds since its head came, -1 when they have not come. Immutable.
 *
 * @param number counts up from 1
 * @param at when its answer ended
 * @param id null when it has none
 * @param function null when it has reached none
 * @param status of the answer; 499 when the client was gone
 * @param source who has given the answer; null when nobody has
 * @param problem that the client got; null for none
 * @param cache how the result cache came to the answer; null when it has no part in it
 * @param worker of its last run, as the process and the generation; -1 without one
 */
record PastRequest(
        long number,
        Instant at,
        @Nullable String id,
        @Nullable String method,
        @Nullable String function,
        int status,
        @Nullable String source,
        @Nullable String problem,
        @Nullable String cache,
        double body,
        double queued,
        double claimed,
        double firstByte,
        double lastByte,
        double end,
        int worker,
        long child,
        int generation,
        int retries,
        long bytesIn,
        long bytesOut) {
    static PastRequest of(Timeline timeline, long number, Instant now) {
        Timeline.Source source = timeline.source();
        return new PastRequest(
                number,
                now,
                timeline.request().id(),
                timeline.request().method(),
                timeline.functionName(),
                timeline.status(),
                source == null ? null : source.word(),
                timeline.problem(),
                timeline.cache(),
                millis(timeline.bodyNanos()),
                millis(timeline.queuedNanos()),
                millis(timeline.claimedNanos()),
                millis(timeline.firstByteNanos()),
                millis(timeline.lastByteNanos()),
                millis(timeline.endNanos()),
                timeline.worker(),
                timeline.child(),
                timeline.generation(),
                timeline.retries(),
                timeline.bytesIn(),
                timeline.bytesOut());
    }

    /** A moment of a {@link Timeline} as one of these. */
    static double millis(long nanos) {
        return nanos == Timeline.NEVER ? -1 : Math.round(nanos / 1e3) / 1e3;
    }

    JsonObject json() {
        return new JsonObject()
                .put("number", number)
                .put("at", at.toString())
                .put("id", id)
                .put("method", method)
                .put("function", function)
                .put("status", status)
                .put("source", source)
                .put("problem", problem)
                .put("cache", cache)
                .put("body", body)
                .put("queued", queued)
                .put("claimed", claimed)
                .put("first", firstByte)
                .put("last", lastByte)
                .put("end", end)
                .put("worker", worker)
                .put("child", child)
                .put("generation", generation)
                .put("retries", retries)
                .put("in", bytesIn)
                .put("out", bytesOut);
    }
}
