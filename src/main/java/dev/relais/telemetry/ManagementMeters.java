package dev.relais.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

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

    private final Map<Reason, Counter> refused = new EnumMap<>(Reason.class);

    @Inject
    ManagementMeters(MeterRegistry registry) {
        for (Reason reason : Reason.values()) {
            refused.put(
                    reason,
                    Counter.builder("relais.management.refusals")
                            .description("Requests to the management port that were refused")
                            .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    public void refused(Reason reason) {
        refused.get(reason).increment();
    }
}
