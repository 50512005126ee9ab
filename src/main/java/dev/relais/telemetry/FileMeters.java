package dev.relais.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.ToDoubleFunction;

/** Counts what happens to the files that are opened for clients. Any thread. */
@Singleton
public class FileMeters {
    private final MeterRegistry registry;
    private final Counter hung;
    private final Counter refused;

    @Inject
    FileMeters(MeterRegistry registry) {
        this.registry = registry;
        this.hung = Counter.builder("relais.files.hung")
                .description("Opens of files that had not returned within a second")
                .register(registry);
        this.refused = Counter.builder("relais.files.refused")
                .description("Files not opened, because an open hung in their folder or all threads were busy")
                .register(registry);
    }

    /** @param hanging how many threads hang in an open now */
    public <T> void bind(T threads, ToDoubleFunction<T> hanging) {
        Gauge.builder("relais.files.threads.hung", threads, hanging)
                .description("Threads that hang in the open of a file")
                .register(registry);
    }

    /** Counts an open that has taken too long, so that its thread was replaced. */
    public void hung() {
        hung.increment();
    }

    /** Counts a file that was not opened, because an open hung in its folder or too many threads hang. */
    public void refused() {
        refused.increment();
    }
}
