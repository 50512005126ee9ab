package dev.relais.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunctionMetersTest {
    @ParameterizedTest
    @CsvSource({
        "200, 200",
        "404, 404",
        "499, 499",
        "503, 503",
        "299, 2xx",
        "498, 4xx",
        "999, 9xx",
        "100, 1xx",
        "599, 5xx"
    })
    void aStatusWithoutAMeaningIsCountedWithItsClass(int status, String label) {
        assertEquals(label, FunctionMeters.label(status));
    }

    @Test
    void aScriptThatSendsEveryStatusMakesFewMetersAndAllAreCounted() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        FunctionMeters meters = new FunctionMeters(registry, "hello");
        for (int status = 100; status < 1000; status++) {
            meters.finished(status, 1_000);
        }
        assertTrue(registry.find("relais.invocations").timers().size() < 80);
        assertEquals(
                900,
                registry.find("relais.invocations").timers().stream()
                        .mapToLong(io.micrometer.core.instrument.Timer::count)
                        .sum());
    }
}
