package dev.relais.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/**
 * Counts answers that were broken off because their clients took them too slowly. Where that closes a connection,
 * {@link ConnectionMeters} counts it instead. Any thread.
 */
@Singleton
public class AnswerMeters {
    /** The limit that a client has exceeded. */
    public enum Reason {
        /** It took nothing from an HTTP/2 stream. */
        WRITE,
        /** It took too little from an HTTP/2 stream. */
        RATE,
        /** It held PHP back for too long. */
        CLIENT_WAIT
    }

    private final ReasonCounters<Reason> brokenOff;

    @Inject
    AnswerMeters(MeterRegistry registry) {
        brokenOff = new ReasonCounters<>(
                registry,
                "relais.http.answers.broken",
                "Answers that were broken off because of how their clients took them",
                Reason.values());
    }

    public void brokenOff(Reason reason) {
        brokenOff.count(reason);
    }
}
