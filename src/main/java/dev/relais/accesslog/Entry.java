package dev.relais.accesslog;

import dev.relais.telemetry.FunctionMeters;
import dev.relais.telemetry.Timeline;
import dev.relais.telemetry.Timeline.Source;
import org.jspecify.annotations.Nullable;

/**
 * What the line of an invocation may tell, taken from it at its end. What comes from the client is not escaped. Times are nanoseconds; one
 * that does not exist is {@link Timeline#NEVER}, as are a worker, a process and a generation. Immutable.
 *
 * @param endMillis when the answer ended, since 1970
 * @param id of the request; null for none
 * @param trace the id of the trace that the request belongs to; null for none
 * @param method null when the head could not be read, as the target and the protocol
 * @param status 499 when the client was gone
 * @param bytesIn of the request's body
 * @param bytesOut of the answer's body
 * @param total from the request's head to the end of the answer
 * @param queue for how long it waited for a child
 * @param php from the start of its last run to the end of PHP's answer
 * @param write from there to the end of the answer
 * @param function null for none, as what follows
 * @param cache how the result cache came to the answer
 * @param source who gave it
 * @param problem with which the gateway ended it
 * @param ending {@code whole}, {@code broken-off} by the gateway, or {@code client-gone}
 * @param values of the request's fields that lines are made of, in their order; null for a field that is not there
 */
record Entry(
        long endMillis,
        String client,
        @Nullable String id,
        @Nullable String trace,
        @Nullable String method,
        @Nullable String target,
        @Nullable String protocol,
        int status,
        long bytesIn,
        long bytesOut,
        long total,
        long queue,
        long php,
        long write,
        @Nullable String function,
        @Nullable String script,
        int worker,
        long child,
        int generation,
        int retries,
        @Nullable String cache,
        @Nullable Source source,
        @Nullable String problem,
        String ending,
        @Nullable String[] values) {
    /** About what an entry takes without the texts of the client. */
    private static final int LEAST_BYTES = 400;

    /**
     * @param fields the names of the request's fields that lines are made of
     * @param nowMillis the time since 1970
     */
    static Entry of(Timeline timeline, String[] fields, long nowMillis) {
        Timeline.Request request = timeline.request();
        @Nullable String[] values = new String[fields.length];
        for (int i = 0; i < fields.length; i++) {
            values[i] = request.field(fields[i]);
        }
        long end = timeline.endNanos();
        long claimed = timeline.claimedNanos();
        long last = timeline.lastByteNanos();
        return new Entry(
                nowMillis,
                request.clientAddress(),
                request.id(),
                request.traceId(),
                request.method(),
                request.target(),
                request.protocol(),
                timeline.status(),
                timeline.bytesIn(),
                timeline.bytesOut(),
                end,
                timeline.queuedNanos() < 0
                        ? Timeline.NEVER
                        : Math.max(0, (claimed < 0 ? end : claimed) - timeline.queuedNanos()),
                claimed < 0 ? Timeline.NEVER : Math.max(0, (last < 0 ? end : last) - claimed),
                last < 0 ? Timeline.NEVER : end - last,
                timeline.functionName(),
                timeline.script(),
                timeline.worker(),
                timeline.child(),
                timeline.generation(),
                timeline.retries(),
                timeline.cache(),
                timeline.source(),
                timeline.problem(),
                ending(timeline),
                values);
    }

    private static String ending(Timeline timeline) {
        if (timeline.status() == FunctionMeters.CLIENT_CLOSED) {
            return "client-gone";
        }
        return timeline.isBrokenOff() ? "broken-off" : "whole";
    }

    /** Who gave the answer, as lines call it; null when nothing of one was sent. */
    @Nullable
    String sourceWord() {
        return source == null ? null : source.word();
    }

    /** About how much memory it takes. */
    int bytes() {
        int bytes = LEAST_BYTES + length(method) + length(target) + length(id);
        for (String value : values) {
            bytes += length(value);
        }
        return bytes;
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
