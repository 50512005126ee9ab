package dev.relais.http;

import dev.relais.telemetry.Timeline;
import dev.relais.telemetry.Timeline.Source;
import org.jspecify.annotations.Nullable;

/**
 * The value of Server-Timing (W3C Server Timing), which browsers show: what is known of an invocation when the head of its answer goes.
 * Times are milliseconds. It has only words and numbers of the gateway's own.
 */
final class ServerTiming {
    static final String NAME = "Server-Timing";

    private final StringBuilder value = new StringBuilder(160);

    private ServerTiming() {}

    /** @param nowNanos {@link System#nanoTime} */
    static String of(Timeline timeline, AnswerHead head, long nowNanos) {
        ServerTiming timing = new ServerTiming();
        timing.tell(timeline, head, nowNanos - timeline.headNanos());
        return timing.value.toString();
    }

    private void tell(Timeline timeline, AnswerHead head, long now) {
        long queued = timeline.queuedNanos();
        long claimed = timeline.claimedNanos();
        long first = timeline.firstByteNanos();
        long last = timeline.lastByteNanos();
        if (queued >= 0) {
            time("queue", (claimed < 0 ? now : claimed) - queued);
        }
        if (claimed >= 0) {
            time("select", (queued < 0 ? claimed : queued) - Math.max(0, timeline.bodyNanos()));
            long end = first >= claimed ? first : last >= claimed ? last : now;
            time("php", end - claimed);
            if (first >= claimed) {
                time("write", now - first);
            }
        }
        time("total", now);
        text("cache", timeline.cache(), "");
        if (timeline.worker() >= 0) {
            text("worker", Integer.toString(timeline.worker()), "");
            text("generation", Integer.toString(timeline.generation()), "");
        }
        if (head.status() >= 500) {
            String problem = timeline.problem();
            boolean own = head.source() == Source.RELAIS && problem != null;
            text("error", head.source().word(), own ? ": " + problem : "");
        }
    }

    private void time(String name, long nanos) {
        long micros = Math.max(0, nanos) / 1000;
        next(name).append(";dur=").append(micros / 1000).append('.');
        long rest = micros % 1000;
        value.append(rest < 100 ? "0" : "").append(rest < 10 ? "0" : "").append(rest);
    }

    private void text(String name, @Nullable String text, String more) {
        if (text != null) {
            next(name).append(";desc=\"").append(text).append(more).append('"');
        }
    }

    private StringBuilder next(String name) {
        return value.append(value.length() == 0 ? "" : ", ").append(name);
    }
}
