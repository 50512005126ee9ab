package dev.relais.telemetry;

import io.micrometer.core.instrument.MeterRegistry;

/** Makes meters of files in the test's own registry. */
public final class FileMetersFixture {
    private FileMetersFixture() {}

    public static FileMeters in(MeterRegistry registry) {
        return new FileMeters(registry);
    }
}
