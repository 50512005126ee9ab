package dev.relais.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;

/** How many bytes the spool files of bodies have, and how often their limit or the disk's was reached. Any thread. */
@Singleton
public class SpoolMeters {
    private final MeterRegistry registry;
    private final Counter full;
    private final Counter failed;

    @Inject
    SpoolMeters(MeterRegistry registry) {
        this.registry = registry;
        this.full = full("capacity");
        this.failed = full("disk");
    }

    private Counter full(String reason) {
        return Counter.builder("relais.spool.full")
                .description("Requests refused, and answers slowed down, because the spool was full, or its disk")
                .tag("reason", reason)
                .register(registry);
    }

    /** @param used bytes in spool files now */
    public void bind(AtomicLong used, long capacity) {
        Gauge.builder("relais.spool.bytes", used, AtomicLong::get)
                .description("Bytes of bodies in spool files")
                .register(registry);
        Gauge.builder("relais.spool.capacity", () -> capacity)
                .description("Bytes that may be in spool files")
                .register(registry);
    }

    /** Counts that the capacity was reached. */
    public void full() {
        full.increment();
    }

    /** Counts that a file could not be created or written, as on a full disk. */
    public void failed() {
        failed.increment();
    }
}
