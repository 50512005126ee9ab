package dev.relais.tracing;

import dev.relais.http.TraceParent;
import dev.relais.telemetry.FunctionMeters;
import dev.relais.telemetry.Timeline;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes the spans of a request that has ended: one of kind server for the request, and below it one for the look-up in the cache, for the
 * wait for a child, and for each exchange, which has one below it for PHP's work up to its answer's head. Any thread.
 */
final class RequestSpans {
    private final SpanSource source;
    private final InstantSource clock;

    RequestSpans(SpanSource source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
    }

    List<SpanData> of(RequestTrace trace, Timeline timeline) {
        Instant now = clock.instant();
        long end = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        return new Making(source, trace, timeline, end - timeline.endNanos()).all();
    }

    /** The spans of one request. */
    private static final class Making {
        private final SpanSource source;
        private final RequestTrace trace;
        private final Timeline timeline;
        private final long head; // the time of the request's head
        private final TraceState state;
        private final SpanContext server;
        private final List<SpanData> spans = new ArrayList<>(6);

        Making(SpanSource source, RequestTrace trace, Timeline timeline, long head) {
            this.source = source;
            this.trace = trace;
            this.timeline = timeline;
            this.head = head;
            this.state = state(trace.state());
            this.server = context(trace.own().spanId());
        }

        List<SpanData> all() {
            List<RequestTrace.Run> runs = trace.runs(timeline);
            TraceParent above = trace.parent();
            spans.add(new FinishedSpan(
                    source,
                    RequestAttributes.name(timeline),
                    SpanKind.SERVER,
                    server,
                    above == null ? SpanContext.getInvalid() : remote(above),
                    head,
                    head + timeline.endNanos(),
                    RequestAttributes.of(timeline),
                    RequestAttributes.isError(timeline) ? StatusData.error() : StatusData.unset()));
            cache();
            queue(runs);
            for (int i = 0; i < runs.size(); i++) {
                exchange(runs.get(i), i + 1 < runs.size() ? runs.get(i + 1) : null);
            }
            return spans;
        }

        private void cache() {
            long asked = timeline.cacheAskedNanos();
            if (asked >= 0) {
                String outcome = timeline.cache();
                Attributes attributes =
                        outcome == null ? Attributes.empty() : Attributes.of(RequestAttributes.CACHE, outcome);
                child("cache", server, asked, timeline.cacheKnownNanos(), attributes);
            }
        }

        /** Of several waits the timeline knows the first; it ended with the run that came next. */
        private void queue(List<RequestTrace.Run> runs) {
            long queued = timeline.queuedNanos();
            if (queued < 0) {
                return;
            }
            long until = timeline.endNanos();
            for (int i = runs.size() - 1; i >= 0; i--) {
                until = runs.get(i).claimed() >= queued ? runs.get(i).claimed() : until;
            }
            child("queue", server, queued, until, Attributes.empty());
        }

        private void exchange(RequestTrace.Run run, RequestTrace.@Nullable Run next) {
            long last = run.lastByte() >= run.claimed()
                    ? run.lastByte()
                    : next == null ? timeline.endNanos() : next.claimed();
            boolean lost = run.firstByte() < run.claimed()
                    && (next != null || timeline.problem() != null)
                    && timeline.status() != FunctionMeters.CLIENT_CLOSED;
            SpanContext context = context(run.spanId());
            spans.add(new FinishedSpan(
                    source,
                    "exchange",
                    SpanKind.CLIENT,
                    context,
                    server,
                    head + run.claimed(),
                    head + last,
                    RequestAttributes.of(run, lost ? next == null ? timeline.problem() : "retried" : null),
                    lost ? StatusData.error() : StatusData.unset()));
            if (run.firstByte() >= run.claimed()) {
                child("php", context, run.claimed(), run.firstByte(), Attributes.empty());
            }
        }

        private void child(String name, SpanContext parent, long from, long to, Attributes attributes) {
            spans.add(new FinishedSpan(
                    source,
                    name,
                    SpanKind.INTERNAL,
                    context(TraceIds.span()),
                    parent,
                    head + from,
                    head + Math.max(from, to),
                    attributes,
                    StatusData.unset()));
        }

        private SpanContext context(String spanId) {
            return SpanContext.create(trace.own().traceId(), spanId, TraceFlags.getSampled(), state);
        }

        private SpanContext remote(TraceParent above) {
            TraceFlags flags = above.sampled() ? TraceFlags.getSampled() : TraceFlags.getDefault();
            return SpanContext.createFromRemoteParent(above.traceId(), above.spanId(), flags, state);
        }

        /** The builder puts each new member before the others. */
        private static TraceState state(@Nullable String list) {
            if (list == null) {
                return TraceState.getDefault();
            }
            TraceStateBuilder builder = TraceState.builder();
            String[] members = list.split(",");
            for (int i = members.length - 1; i >= 0; i--) {
                int equals = members[i].indexOf('=');
                builder.put(members[i].substring(0, equals), members[i].substring(equals + 1));
            }
            return builder.build();
        }
    }
}
