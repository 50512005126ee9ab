package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RecyclingTest {
    private static RecycleConfig config(Map<String, String> values) {
        Map<String, String> keys = new TreeMap<>();
        values.forEach((key, value) -> keys.put("relais.recycle." + key, value));
        return new SmallRyeConfigBuilder()
                .withMapping(RecycleConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withConverter(MemorySize.class, 200, new MemorySizeConverter())
                .withSources(new PropertiesConfigSource(keys, "test", 100))
                .build()
                .getConfigMapping(RecycleConfig.class);
    }

    static Recycling recycling(Map<String, String> values, int children) {
        RecycleConfig config = config(values);
        RecycleConfig.check(config);
        return new Recycling(config, children);
    }

    @Test
    void byDefaultNoChildIsEverDue() {
        Recycling recycling = recycling(Map.of(), 8);

        assertFalse(recycling.needsLook());
        assertFalse(recycling.hasServedEnough(Long.MAX_VALUE - 1));
        assertFalse(recycling.isOld(Duration.ofDays(10_000)));
        assertFalse(recycling.looksAtMemory());
    }

    @Test
    void eachLimitIsReachedExactly() {
        Recycling recycling = recycling(Map.of("requests", "500", "age", "10m", "memory", "64M"), 8);

        assertTrue(recycling.needsLook() && recycling.looksAtMemory());
        assertFalse(recycling.hasServedEnough(499));
        assertTrue(recycling.hasServedEnough(500));
        assertFalse(recycling.isOld(Duration.ofSeconds(599)));
        assertTrue(recycling.isOld(Duration.ofSeconds(600)));
        assertEquals(64 << 20, recycling.memoryBytes());
    }

    @Test
    void onlyAShareIsAwayAtATime() {
        Recycling recycling = recycling(Map.of("share", "0.25"), 9);

        assertTrue(recycling.begin(RecycleReason.AGE));
        assertTrue(recycling.begin(RecycleReason.REQUESTS));
        assertFalse(recycling.begin(RecycleReason.AGE));
        recycling.end();
        assertTrue(recycling.begin(RecycleReason.AGE));
        assertEquals(2, recycling.count(RecycleReason.AGE));
        assertEquals(1, recycling.count(RecycleReason.REQUESTS));
    }

    @Test
    void oneChildMayAlwaysGo() {
        Recycling recycling = recycling(Map.of("share", "0.01"), 1);

        assertTrue(recycling.begin(RecycleReason.MEMORY));
        assertFalse(recycling.begin(RecycleReason.MEMORY));
    }

    @Test
    void valuesOutOfRangeAreOneLineEach() {
        Map.of("requests", "0", "age", "10ms", "memory", "1K", "share", "0.6").forEach((key, value) -> {
            String message = assertThrows(
                            ConfigurationProblem.class, () -> RecycleConfig.check(config(Map.of(key, value))))
                    .getMessage();
            assertTrue(message.startsWith("relais.recycle." + key + "="), message);
            assertFalse(message.contains("\n"), message);
        });
    }

    @Test
    void aMemoryBeyondAllNumbersIsOutOfRangeToo() {
        RecycleConfig config = config(Map.of("memory", "99999999999999999999999"));
        assertThrows(ConfigurationProblem.class, () -> RecycleConfig.check(config));
    }
}
