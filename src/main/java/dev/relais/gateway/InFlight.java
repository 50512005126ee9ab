package dev.relais.gateway;

import dev.relais.admission.WaitingRoom;
import dev.relais.functions.FunctionSettings;
import dev.relais.http.ClientConnection;
import dev.relais.http.ConnectionClock;
import dev.relais.http.Edge;
import dev.relais.http.MemoryBudgets;
import dev.relais.http.RequestId;
import dev.relais.telemetry.FunctionMeters;
import dev.relais.telemetry.InvocationObservers;
import dev.relais.telemetry.Timeline;
import dev.relais.tracing.RequestTrace;
import dev.relais.tracing.Tracing;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts an invocation from its head to its last response byte. Meanwhile a stop waits for it, its connection is not idle, its
 * memory is counted, and its time is measured. Confined to the request's event loop.
 */
final class InFlight {
    private final Edge edge;
    private final HttpServerRequest request;
    private final @Nullable ConnectionClock times; // null in dev and test mode
    private final ClientConnection connection;
    private final ClientConnection.Request member; // this request's entry in the connection's list of running requests
    private final InvocationObservers observers;
    private final MemoryBudgets memory;
    private final LongSupplier clock;
    private final Timeline timeline;
    private final Tracing tracing;
    private @Nullable RequestTrace trace; // null: tracing is off
    private long counted;

    /**
     * @param startNanos when the request's head came
     * @param onGone run when the client's connection closes before the end, or when its stream closes, which may be at the end;
     *     it does not throw
     */
    InFlight(Edge edge, HttpServerRequest request, Gateway gateway, long startNanos, Runnable onGone) {
        this.edge = edge;
        this.request = request;
        this.times = ConnectionClock.of(request);
        this.connection = ClientConnection.of(request);
        this.member = new ClientConnection.Request(onGone);
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().closeHandler(closed -> onGone.run()); // called for its stream only
        }
        this.observers = gateway.observers();
        this.tracing = gateway.tracing();
        this.memory = gateway.memory();
        this.clock = gateway.clock();
        this.timeline = new Timeline(new RequestDetails(request, gateway.connectionVariables()), startNanos);
        if (gateway.heads().times(request)) {
            timeline.tellClient();
        }
    }

    Timeline timeline() {
        return timeline;
    }

    /**
     * Whether this is an HTTP/2 stream that has closed because its answer has ended. It closes while the gateway is still
     * writing that end.
     */
    boolean isStreamAtEnd() {
        return request.version() == HttpVersion.HTTP_2 && request.response().ended();
    }

    /** Begins to count the invocation. */
    void begin() {
        edge.invocationStarted();
        connection.add(member);
        if (times != null) {
            times.begin(request.version());
        }
    }

    /** The function is found, or replaced by another one. */
    void function(FunctionMeters meters, FunctionSettings settings) {
        timeline.function(meters);
        if (settings.serverTiming()) {
            timeline.tellClient();
        }
    }

    /** Sets the request's id, and its place in a trace, once its head is checked. */
    void identify() {
        RequestId.settle(request, edge);
        trace = tracing.begin(request);
        if (trace != null && trace.isSampled()) {
            timeline.trace();
        }
    }

    /** The request is about to be given to PHP. */
    void runs() {
        if (trace != null) {
            tracing.runs(trace, request, timeline);
        }
    }

    /**
     * Counts the memory of the invocation.
     *
     * @param fieldBytes the bytes of its head
     * @return false when no memory is left, so that it has to be refused
     */
    boolean takesMemory(int fieldBytes) {
        long bytes = WaitingRoom.LEAST_BYTES + request.uri().length() + fieldBytes;
        if (memory.answers().refuses() || !memory.heads().tryTake(bytes)) {
            return false;
        }
        counted = bytes;
        return true;
    }

    /** The bytes that the invocation takes in memory, without its body and its answer. */
    long bytes() {
        return counted;
    }

    /**
     * Ends the counting.
     *
     * @param status of the answer; 499 when the client was gone
     */
    void end(int status) {
        edge.invocationFinished();
        memory.heads().giveBack(counted);
        connection.remove(member);
        if (times != null) {
            times.end();
        }
        timeline.end(status, request.bytesRead(), request.response().bytesWritten(), clock.getAsLong());
        observers.ended(timeline);
        if (trace != null) {
            tracing.ended(trace, timeline);
        }
    }
}
