package dev.relais.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Requests to the management port that were refused. Any thread. */
@Singleton
public class ManagementMeters {
    /** Why a request was refused. */
    public enum Reason {
        /** By its Host, which may be a name that was made to point here. */
        HOST,
        /** An action by somebody who may not act. */
        ACTION,
        /** More actions, or more wrong tokens of one address, than may be in a minute. */
        RATE
    }

    private final ReasonCounters<Reason> refused;

    @Inject
    ManagementMeters(MeterRegistry registry) {
        refused = new ReasonCounters<>(
                registry,
                "relais.management.refusals",
                "Requests to the management port that were refused",
                Reason.values());
    }

    public void refused(Reason reason) {
        refused.count(reason);
    }
}
