package dev.relais.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Counts the lines of the gateway's own log that were dropped. Any thread. */
@Singleton
public class LogMeters {
    private final Counter dropped;

    @Inject
    LogMeters(MeterRegistry registry) {
        dropped = Counter.builder("relais.log.dropped")
                .description("Lines of the gateway's own log that were dropped, because too many waited to be written")
                .register(registry);
    }

    public void dropped() {
        dropped.increment();
    }
}
