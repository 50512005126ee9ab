package dev.relais.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Counts requests to the management port that were refused. Any thread. */
@Singleton
public class ManagementMeters {
    /** Why a request was refused. */
    public enum Reason {
        /** Its Host is not allowed, since any site can make a name point here. */
        HOST,
        /** The sender of an action may not act. */
        ACTION,
        /** There were more actions, or more wrong tokens of one address, than are allowed in a minute. */
        RATE,
        /** As many look at the console as may. */
        VIEWERS
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
