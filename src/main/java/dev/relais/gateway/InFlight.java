package dev.relais.gateway;

import dev.relais.admission.WaitingRoom;
import dev.relais.http.ClientConnection;
import dev.relais.http.ConnectionClock;
import dev.relais.http.ConnectionVariables;
import dev.relais.http.Edge;
import dev.relais.http.MemoryBudgets;
import dev.relais.telemetry.InvocationObservers;
import dev.relais.telemetry.Timeline;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An invocation as the rest of the gateway counts it from its head to its last response byte: a stop waits for it, its connection is not
 * idle, it takes memory, and its time is measured. Confined to the request's event loop.
 */
final class InFlight implements Timeline.Request {
    private final Edge edge;
    private final HttpServerRequest request;
    private final @Nullable ConnectionClock times; // null in dev and test mode
    private final ClientConnection connection;
    private final ClientConnection.Request member; // of the connection's list of requests under way
    private final ConnectionVariables variables;
    private final InvocationObservers observers;
    private final MemoryBudgets memory;
    private final LongSupplier clock;
    private final Timeline timeline;
    private long counted;

    /**
     * @param startNanos when the request's head came
     * @param onGone run when the client's connection closes before the end, or its stream, which may be at the end; throws nothing
     */
    InFlight(Edge edge, HttpServerRequest request, Gateway gateway, long startNanos, Runnable onGone) {
        this.edge = edge;
        this.request = request;
        this.times = ConnectionClock.of(request);
        this.connection = ClientConnection.of(request);
        this.member = new ClientConnection.Request(onGone);
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().closeHandler(closed -> onGone.run()); // of its stream alone
        }
        this.variables = gateway.connectionVariables();
        this.observers = gateway.observers();
        this.memory = gateway.memory();
        this.clock = gateway.clock();
        this.timeline = new Timeline(this, startNanos);
    }

    Timeline timeline() {
        return timeline;
    }

    @Override
    public String clientAddress() {
        return variables.client(request);
    }

    @Override
    public @Nullable String id() {
        return request.getHeader("X-Request-Id");
    }

    /** Whether this is a stream of HTTP/2 that has closed because its answer has ended; it does so while we are still writing that end. */
    boolean isStreamAtEnd() {
        return request.version() == HttpVersion.HTTP_2 && request.response().ended();
    }

    /** Begins to count it. */
    void begin() {
        edge.invocationStarted();
        connection.add(member);
        if (times != null) {
            times.begin(request.version());
        }
    }

    /** Counts the memory that it takes. @param fieldBytes of its head. @return false when there is none left: it has to be refused */
    boolean takesMemory(int fieldBytes) {
        long bytes = WaitingRoom.LEAST_BYTES + request.uri().length() + fieldBytes;
        if (memory.answers().refuses() || !memory.heads().tryTake(bytes)) {
            return false;
        }
        counted = bytes;
        return true;
    }

    /** The memory that it takes, beside its body and its answer. */
    long bytes() {
        return counted;
    }

    /** @param status of the answer; 499 when the client was gone */
    void end(int status) {
        edge.invocationFinished();
        memory.heads().giveBack(counted);
        connection.remove(member);
        if (times != null) {
            times.end();
        }
        timeline.end(status, request.bytesRead(), request.response().bytesWritten(), clock.getAsLong());
        observers.ended(timeline);
    }
}
