package dev.relais.telemetry;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.ToDoubleFunction;

/** What the result cache has done for each function of which it has kept an answer, read from its own counts. Any thread. */
@Singleton
public class CacheMeters {
    private final MeterRegistry registry;

    @Inject
    CacheMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param count requests with this outcome */
    public <T> void requests(String function, String outcome, T counts, ToDoubleFunction<T> count) {
        FunctionCounter.builder("relais.cache.requests", counts, count)
                .description("GET and HEAD requests by how they got their answer")
                .tag("function", function)
                .tag("outcome", outcome)
                .register(registry);
    }

    /** @param count stale answers that were given for this reason */
    public <T> void stale(String function, String reason, T counts, ToDoubleFunction<T> count) {
        FunctionCounter.builder("relais.cache.stale", counts, count)
                .description("Stale answers that were given, by the reason")
                .tag("function", function)
                .tag("reason", reason)
                .register(registry);
    }

    /** @param count answers that were kept */
    public <T> void stored(String function, T counts, ToDoubleFunction<T> count) {
        FunctionCounter.builder("relais.cache.stored", counts, count)
                .description("Answers that were kept")
                .tag("function", function)
                .register(registry);
    }

    /** @param count answers that were not kept for this reason */
    public <T> void notStored(String function, String reason, T counts, ToDoubleFunction<T> count) {
        FunctionCounter.builder("relais.cache.not.stored", counts, count)
                .description("Answers that were not kept, by the reason")
                .tag("function", function)
                .tag("reason", reason)
                .register(registry);
    }

    /** @param count answers that were evicted for want of room */
    public <T> void evicted(String function, T counts, ToDoubleFunction<T> count) {
        FunctionCounter.builder("relais.cache.evicted", counts, count)
                .description("Kept answers that were evicted for want of room")
                .tag("function", function)
                .register(registry);
    }

    /** @param seconds that PHP took for the answers that were given again, in sum */
    public <T> void saved(String function, T counts, ToDoubleFunction<T> seconds) {
        FunctionCounter.builder("relais.cache.saved", counts, seconds)
                .description("Time that PHP would have taken for the answers that it did not have to make")
                .baseUnit("seconds")
                .tag("function", function)
                .register(registry);
    }

    /** @param seconds the ages of the answers that were given again, in sum */
    public <T> void age(String function, T counts, ToDoubleFunction<T> seconds) {
        FunctionCounter.builder("relais.cache.age", counts, seconds)
                .description("Ages of the answers that were given again, in sum")
                .baseUnit("seconds")
                .tag("function", function)
                .register(registry);
    }

    /** @param bytes that the kept answers take */
    public <T> void bytes(String function, T cache, ToDoubleFunction<T> bytes) {
        Gauge.builder("relais.cache.size", cache, bytes)
                .description("Memory that the kept answers take")
                .baseUnit("bytes")
                .tag("function", function)
                .register(registry);
    }
}
