package dev.relais.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** Counters of one name, one for each reason that a thing can happen for; the tag {@code reason} tells them apart. Any thread. */
final class ReasonCounters<R extends Enum<R>> {
    private final Counter[] counters; // by the reason's ordinal

    /** @param reasons all of the enum, in order */
    ReasonCounters(MeterRegistry registry, String name, String description, R[] reasons) {
        counters = new Counter[reasons.length];
        for (R reason : reasons) {
            counters[reason.ordinal()] = Counter.builder(name)
                    .description(description)
                    .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }

    void count(R reason) {
        count(reason, 1);
    }

    void count(R reason, int times) {
        counters[reason.ordinal()].increment(times);
    }
}
