package dev.relais.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.ToDoubleFunction;

/** Counts clients' connections, and those that the gateway ended because of a limit. Any thread. */
@Singleton
public class ConnectionMeters {
    /** The limit that a connection has exceeded. */
    public enum Reason {
        /** The most connections were open, so that this one was closed before its first byte. */
        LIMIT,
        /** No invocation ran on it, and nothing was sent. */
        IDLE,
        /** A request head was not complete in time. */
        HEAD,
        /** There was no memory left for its head. */
        MEMORY,
        /** The client took nothing of its answer. */
        WRITE,
        /** The client took too little of its answer. */
        RATE
    }

    private final MeterRegistry registry;
    private final ReasonCounters<Reason> closed;

    @Inject
    ConnectionMeters(MeterRegistry registry) {
        this.registry = registry;
        closed = new ReasonCounters<>(
                registry,
                "relais.http.connections.closed",
                "Connections that the gateway ended because of a limit",
                Reason.values());
    }

    public <T> void bind(T connections, ToDoubleFunction<T> count) {
        Gauge.builder("relais.http.connections", connections, count)
                .description("Open connections, those of the management port included")
                .register(registry);
    }

    public void closed(Reason reason) {
        closed.count(reason);
    }
}
