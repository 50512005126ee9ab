package dev.relais.telemetry;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Registers meters whose values are read, at each scrape, from what somebody else counts. Any thread. */
final class ObservedMeters {
    private final MeterRegistry registry;

    ObservedMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * @param unit the base unit; null for a mere count
     * @param tags names and values in turns
     */
    <T> void counter(
            String name,
            String description,
            @Nullable String unit,
            T counts,
            ToDoubleFunction<T> count,
            String... tags) {
        FunctionCounter.builder(name, counts, count)
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry);
    }

    /**
     * @param unit the base unit; null for a mere number
     * @param tags names and values in turns
     */
    <T> void gauge(
            String name,
            String description,
            @Nullable String unit,
            T source,
            ToDoubleFunction<T> value,
            String... tags) {
        Gauge.builder(name, source, value)
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry);
    }
}
