package dev.relais.gateway;

import dev.relais.telemetry.FunctionMeters;
import dev.relais.telemetry.InvocationMeters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * What an invocation is to the outside from its head to its last response byte: one that a stop waits for, that keeps its connection
 * from being idle, and that is measured. Confined to the request's event loop.
 */
final class InFlight {
    private final Edge edge;
    private final HttpServerRequest request;
    private final ConnectionClock clock; // null in dev and test mode
    private final ClientConnection connection;
    private final ClientConnection.Request place;
    private final InvocationMeters meters;
    private final long startNanos;

    /** @param onGone run when the client's connection closes before the end, or its stream, which may be at the end; throws nothing */
    InFlight(Edge edge, HttpServerRequest request, InvocationMeters meters, long startNanos, Runnable onGone) {
        this.edge = edge;
        this.request = request;
        this.clock = ConnectionClock.of(request);
        this.connection = ClientConnection.of(request);
        this.place = new ClientConnection.Request(onGone);
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().closeHandler(closed -> onGone.run()); // of its stream alone
        }
        this.meters = meters;
        this.startNanos = startNanos;
    }

    void begin() {
        edge.invocationStarted();
        connection.add(place);
        if (clock != null) {
            clock.begin(request.version());
        }
    }

    /** @param function null when the request reached none */
    void end(FunctionMeters function, int status) {
        edge.invocationFinished();
        connection.remove(place);
        if (clock != null) {
            clock.end();
        }
        meters.finished(function, status, System.nanoTime() - startNanos);
    }
}
