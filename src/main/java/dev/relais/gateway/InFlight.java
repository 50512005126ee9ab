package dev.relais.gateway;

import dev.relais.http.ClientConnection;
import dev.relais.http.ConnectionClock;
import dev.relais.http.Edge;
import dev.relais.http.MemoryBudgets;
import dev.relais.telemetry.Timeline;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * What an invocation is to the outside from its head to its last response byte: one that a stop waits for, that keeps its connection
 * from being idle, that takes memory, and that is measured. Confined to the request's event loop.
 */
final class InFlight implements Timeline.Request {
    /** Of a request and all that is made for it beside body and answer: stream, routing, invocation, exchange. */
    private static final int REQUEST_BYTES = 8 << 10;

    private final Edge edge;
    private final HttpServerRequest request;
    private final ConnectionClock clock; // null in dev and test mode
    private final ClientConnection connection;
    private final ClientConnection.Request place;
    private final Gateway gateway;
    private final MemoryBudgets memory;
    private final Timeline timeline;
    private long counted;

    /** @param onGone run when the client's connection closes before the end, or its stream, which may be at the end; throws nothing */
    InFlight(Edge edge, HttpServerRequest request, Gateway gateway, long startNanos, Runnable onGone) {
        this.edge = edge;
        this.request = request;
        this.clock = ConnectionClock.of(request);
        this.connection = ClientConnection.of(request);
        this.place = new ClientConnection.Request(onGone);
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().closeHandler(closed -> onGone.run()); // of its stream alone
        }
        this.gateway = gateway;
        this.memory = gateway.memory();
        this.timeline = new Timeline(this, startNanos);
    }

    Timeline timeline() {
        return timeline;
    }

    @Override
    public String clientAddress() {
        return gateway.connectionVariables().client(request);
    }

    @Override
    public String id() {
        return request.getHeader("X-Request-Id");
    }

    /** Whether the answer's end was given to a stream of HTTP/2, which closes with it, in the middle of our writing that. */
    boolean isStreamAtEnd() {
        return request.version() == HttpVersion.HTTP_2 && request.response().ended();
    }

    void begin() {
        edge.invocationStarted();
        connection.add(place);
        if (clock != null) {
            clock.begin(request.version());
        }
    }

    /** @param fieldBytes of its head. @return whether there was room in memory for it; if not, it has to be refused */
    boolean takesMemory(int fieldBytes) {
        long bytes = REQUEST_BYTES + request.uri().length() + fieldBytes;
        if (memory.answers().refuses() || !memory.heads().tryTake(bytes)) {
            return false;
        }
        counted = bytes;
        return true;
    }

    /** @param status of the answer; 499 when the client was gone */
    void end(int status) {
        edge.invocationFinished();
        memory.heads().giveBack(counted);
        connection.remove(place);
        if (clock != null) {
            clock.end();
        }
        timeline.end(status, request.bytesRead(), request.response().bytesWritten(), System.nanoTime());
        gateway.observers().ended(timeline);
    }
}
