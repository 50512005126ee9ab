package dev.relais.telemetry;

import io.micrometer.core.instrument.MeterRegistry;

/** Meters of files in a registry of the test's own. */
public final class FileMetersFixture {
    private FileMetersFixture() {}

    public static FileMeters in(MeterRegistry registry) {
        return new FileMeters(registry);
    }
}
