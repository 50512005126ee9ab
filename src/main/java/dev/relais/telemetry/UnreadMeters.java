package dev.relais.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.util.List;

/**
 * Meters as the gateway's own are, in a registry of their own that nobody reads: for what must not be counted among what clients ask for.
 * They cost what the others cost, and are forgotten with this object.
 */
@SuppressWarnings("deprecation") // the registry that Quarkus uses
public final class UnreadMeters {
    private final MeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final InvocationMeters invocations = new InvocationMeters(registry);

    public InvocationMeters invocations() {
        return invocations;
    }

    /** Tells these meters alone. */
    public InvocationObservers observers() {
        return new InvocationObservers(List.of(invocations));
    }

    public AnswerMeters answers() {
        return new AnswerMeters(registry);
    }

    public ConnectionMeters connections() {
        return new ConnectionMeters(registry);
    }

    public MemoryMeters memory() {
        return new MemoryMeters(registry);
    }
}
