package dev.relais.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Counts the spans that were sent, and those that were dropped. Any thread. */
@Singleton
public class TracingMeters {
    /** Why a span is dropped. */
    public enum Reason {
        /** So many wait to be sent that there is no room for it. */
        BUFFER,
        /** The receiver has not taken it. */
        SEND
    }

    private final Counter sent;
    private final ReasonCounters<Reason> dropped;

    @Inject
    TracingMeters(MeterRegistry registry) {
        sent = Counter.builder("relais.tracing.spans.sent")
                .description("Spans that were sent")
                .register(registry);
        dropped = new ReasonCounters<>(
                registry, "relais.tracing.spans.dropped", "Spans that were dropped", Reason.values());
    }

    public void sent(int spans) {
        sent.increment(spans);
    }

    public void dropped(Reason reason, int spans) {
        dropped.count(reason, spans);
    }
}
