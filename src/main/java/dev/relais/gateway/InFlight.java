package dev.relais.gateway;

import dev.relais.telemetry.FunctionMeters;
import dev.relais.telemetry.InvocationMeters;
import io.vertx.core.http.HttpServerRequest;

/**
 * What an invocation is to the outside from its head to its last response byte: one that a stop waits for, that keeps its connection
 * from being idle, and that is measured. Confined to the request's event loop.
 */
final class InFlight {
    private final Edge edge;
    private final HttpServerRequest request;
    private final ConnectionClock connection; // null in dev and test mode
    private final InvocationMeters meters;
    private final long startNanos;

    InFlight(Edge edge, HttpServerRequest request, InvocationMeters meters, long startNanos) {
        this.edge = edge;
        this.request = request;
        this.connection = ConnectionClock.of(request);
        this.meters = meters;
        this.startNanos = startNanos;
    }

    void begin() {
        edge.invocationStarted();
        if (connection != null) {
            connection.begin(request.version());
        }
    }

    /** @param function null when the request reached none */
    void end(FunctionMeters function, int status) {
        edge.invocationFinished();
        if (connection != null) {
            connection.end();
        }
        meters.finished(function, status, System.nanoTime() - startNanos);
    }
}
