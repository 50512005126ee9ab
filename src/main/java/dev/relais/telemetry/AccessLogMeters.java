package dev.relais.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Counts the lines of the access log that were dropped. Any thread. */
@Singleton
public class AccessLogMeters {
    /** Why a line is dropped. */
    public enum Reason {
        /** So many lines wait to be written that there is no room for it. */
        BUFFER,
        /** It could not be written or sent. */
        WRITE
    }

    private final ReasonCounters<Reason> dropped;

    @Inject
    AccessLogMeters(MeterRegistry registry) {
        dropped = new ReasonCounters<>(
                registry, "relais.access.log.dropped", "Lines of the access log that were dropped", Reason.values());
    }

    public void dropped(Reason reason, int lines) {
        dropped.count(reason, lines);
    }
}
