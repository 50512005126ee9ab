package dev.relais.tracing;

import dev.relais.http.TraceParent;
import dev.relais.telemetry.Timeline;
import dev.relais.telemetry.TracingMeters;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Makes spans of requests and has them sent, if there is a receiver. Without one it does nothing, and nothing of what makes and sends
 * spans is loaded. Any thread.
 */
@Singleton
public final class Tracing {
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final double ratio;
    private final boolean parentDecides;
    private final @Nullable SpanExport export; // null: off

    @Inject
    Tracing(
            TracingConfig config,
            TracingMeters meters,
            Vertx vertx,
            @ConfigProperty(name = "quarkus.application.version", defaultValue = "unknown") String version) {
        this(config, meters, vertx, version, InstantSource.system());
    }

    /** @param clock of the times of spans */
    Tracing(TracingConfig config, TracingMeters meters, Vertx vertx, String version, InstantSource clock) {
        TracingConfig.check(config);
        this.ratio = config.ratio();
        this.parentDecides = config.parentDecides();
        this.export = config.endpoint().isPresent() ? SpanExport.to(config, meters, vertx, version, clock) : null;
    }

    private Tracing() {
        this.ratio = 0;
        this.parentDecides = false;
        this.export = null;
    }

    /** One that traces nothing. */
    public static Tracing off() {
        return new Tracing();
    }

    /** Begins to send. Once, at the start. */
    public void start() {
        if (export != null) {
            export.queue().start();
        }
    }

    /** Sends what is left. Blocks for two seconds at most. */
    public void stop() {
        if (export != null) {
            export.queue().stop(CLOSE);
        }
    }

    /**
     * A request has come. Its fields of the trace are then those in force: {@code traceparent} names the span of the request, and the lists
     * beside it are well-formed. Called on its event loop.
     *
     * @return null when tracing is off, and its fields are as the client has sent them
     */
    public @Nullable RequestTrace begin(HttpServerRequest request) {
        if (export == null) {
            return null;
        }
        MultiMap fields = request.headers();
        TraceParent parent = TraceParent.of(fields);
        String traceId = parent == null ? TraceIds.trace() : parent.traceId();
        boolean sampled = parent != null && parentDecides ? parent.sampled() : TraceIds.samples(ratio, traceId);
        TraceParent own = new TraceParent(traceId, TraceIds.span(), sampled);
        fields.set(TraceParent.FIELD, own.text());
        String state = state(fields, parent != null);
        checkBaggage(fields);
        return new RequestTrace(own, parent, state);
    }

    /** The request is about to be given to PHP, whom its traceparent then tells of this run. Called on its event loop. */
    public void runs(RequestTrace trace, HttpServerRequest request, Timeline timeline) {
        if (trace.isSampled()) {
            request.headers().set(TraceParent.FIELD, trace.run(timeline).text());
        }
    }

    /** The request has ended. Called once, on its event loop, after its timeline has ended. */
    public void ended(RequestTrace trace, Timeline timeline) {
        SpanExport to = export;
        if (to != null && trace.isSampled()) {
            to.queue().offer(to.spans().of(trace, timeline));
        }
    }

    /** A tracestate is the parent's: without one it has no meaning. */
    private static @Nullable String state(MultiMap fields, boolean hasParent) {
        if (fields.get(ContextFields.STATE) == null) {
            return null;
        }
        List<String> given = fields.getAll(ContextFields.STATE);
        return set(fields, ContextFields.STATE, hasParent ? ContextFields.state(given) : null);
    }

    private static void checkBaggage(MultiMap fields) {
        if (fields.get(ContextFields.BAGGAGE) != null) {
            set(fields, ContextFields.BAGGAGE, ContextFields.baggage(fields.getAll(ContextFields.BAGGAGE)));
        }
    }

    private static @Nullable String set(MultiMap fields, String name, @Nullable String value) {
        if (value == null) {
            fields.remove(name);
        } else {
            fields.set(name, value);
        }
        return value;
    }
}
