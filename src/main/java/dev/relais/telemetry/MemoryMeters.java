package dev.relais.telemetry;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/** How much memory clients' bytes take, by kind, for meters and the status page. Any thread. */
@Singleton
public class MemoryMeters {
    /**
     * The memory of one kind.
     *
     * @param refusals how many requests and connections were refused because no memory was left
     */
    public record Part(String kind, LongSupplier used, LongSupplier capacity, LongSupplier refusals) {}

    private final MeterRegistry registry;
    private final List<Part> parts = new CopyOnWriteArrayList<>();

    @Inject
    MemoryMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    public void bind(String kind, LongSupplier used, LongSupplier capacity, LongSupplier refusals) {
        parts.add(new Part(kind, used, capacity, refusals));
        Gauge.builder("relais.memory.bytes", used, LongSupplier::getAsLong)
                .description("Bytes of clients in memory")
                .tag("kind", kind)
                .strongReference(true)
                .register(registry);
        Gauge.builder("relais.memory.capacity", capacity, LongSupplier::getAsLong)
                .description("Bytes of clients that may be in memory")
                .tag("kind", kind)
                .strongReference(true)
                .register(registry);
        FunctionCounter.builder("relais.memory.refusals", refusals, LongSupplier::getAsLong)
                .description("Requests and connections refused because there was no room in memory")
                .tag("kind", kind)
                .register(registry);
    }

    /** The kinds in the order in which they were bound. */
    public List<Part> parts() {
        return parts;
    }
}
