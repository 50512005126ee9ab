package dev.relais.tracing;

import dev.relais.http.TraceParent;
import dev.relais.telemetry.Timeline;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The place of one request in its trace, and the runs that it has had. Confined to the request's event loop.
 */
public final class RequestTrace {
    /**
     * A run of a script, of which there may be several. Moments are those of its {@link Timeline}.
     *
     * @param spanId of the exchange, under which PHP puts its own spans
     */
    record Run(
            String spanId,
            long claimed,
            long firstByte,
            long lastByte,
            int worker,
            int generation,
            long child,
            @Nullable String script) {
        static Run of(String spanId, Timeline timeline) {
            return new Run(
                    spanId,
                    timeline.claimedNanos(),
                    timeline.firstByteNanos(),
                    timeline.lastByteNanos(),
                    timeline.worker(),
                    timeline.generation(),
                    timeline.child(),
                    timeline.script());
        }
    }

    private final TraceParent own;
    private final @Nullable TraceParent parent;
    private final @Nullable String state;
    private final List<Run> runs = new ArrayList<>(1);
    private @Nullable String exchangeId; // of the run that is under way

    /**
     * @param own the trace, and the span of the request
     * @param parent null when the trace begins here
     * @param state the value of tracestate; null for none
     */
    RequestTrace(TraceParent own, @Nullable TraceParent parent, @Nullable String state) {
        this.own = own;
        this.parent = parent;
        this.state = state;
    }

    TraceParent own() {
        return own;
    }

    @Nullable
    TraceParent parent() {
        return parent;
    }

    @Nullable
    String state() {
        return state;
    }

    /** Whether it has spans. */
    public boolean isSampled() {
        return own.sampled();
    }

    /**
     * The request is about to be given to PHP. Called before its timeline knows of that.
     *
     * @return what PHP is told: the exchange is the parent of its own spans, and the request if there are none
     */
    TraceParent run(Timeline timeline) {
        if (!isSampled()) {
            return own;
        }
        keepRun(timeline);
        exchangeId = TraceIds.span();
        return new TraceParent(own.traceId(), exchangeId, true);
    }

    /** All runs, once the request has ended. */
    List<Run> runs(Timeline timeline) {
        keepRun(timeline);
        return runs;
    }

    /** Keeps the run that the timeline tells of, unless it did not begin. */
    private void keepRun(Timeline timeline) {
        String id = exchangeId;
        boolean begun = timeline.claimedNanos() != Timeline.NEVER;
        boolean kept = !runs.isEmpty() && runs.get(runs.size() - 1).claimed() == timeline.claimedNanos();
        if (id != null && begun && !kept) {
            runs.add(Run.of(id, timeline));
        }
    }
}
