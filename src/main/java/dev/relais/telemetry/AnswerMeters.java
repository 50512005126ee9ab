package dev.relais.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Answers that were broken off because their clients took them too slowly. Where that closes a connection {@link ConnectionMeters} counts it. Any thread. */
@Singleton
public class AnswerMeters {
    /** The limit that a client has hit. */
    public enum Reason {
        /** It took nothing from an HTTP/2 stream. */
        WRITE,
        /** It took too little from an HTTP/2 stream. */
        RATE,
        /** It held PHP back for too long. */
        CLIENT_WAIT
    }

    private final Map<Reason, Counter> brokenOff = new EnumMap<>(Reason.class);

    @Inject
    AnswerMeters(MeterRegistry registry) {
        for (Reason reason : Reason.values()) {
            brokenOff.put(
                    reason,
                    Counter.builder("relais.http.answers.broken")
                            .description("Answers that were broken off because of how their clients took them")
                            .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    public void brokenOff(Reason reason) {
        brokenOff.get(reason).increment();
    }
}
