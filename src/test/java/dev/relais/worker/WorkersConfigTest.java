package dev.relais.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkersConfigTest {
    private static WorkersConfig config(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withMapping(WorkersConfig.class)
                .withConverter(Duration.class, 200, new io.quarkus.runtime.configuration.DurationConverter())
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .build()
                .getConfigMapping(WorkersConfig.class);
    }

    @Test
    void everythingHasADefault() {
        WorkersConfig config = config(Map.of());
        WorkersConfig.check(config);
        assertEquals(2, config.count());
        assertEquals(Duration.ofMillis(100), config.restartDelay());
        assertEquals(4, WorkersConfig.childrenPerWorker(config, 1, 1_000));
        assertEquals(8, WorkersConfig.childrenPerWorker(config, 2, 1_000));
        assertEquals(64, WorkersConfig.childrenPerWorker(config, 96, 1_000));
    }

    @Test
    void noMoreChildrenThanFitIntoTheMemoryButTwoAtLeast() {
        WorkersConfig config = config(Map.of("relais.workers.count", "3"));
        assertEquals(5, WorkersConfig.childrenPerWorker(config, 2, 15));
        assertEquals(8, WorkersConfig.childrenPerWorker(config, 2, 24));
        assertEquals(2, WorkersConfig.childrenPerWorker(config, 2, 0));
        assertEquals(2, WorkersConfig.childrenPerWorker(config, 2, -5));
    }

    @Test
    void valuesAreRead() {
        WorkersConfig config = config(Map.of("relais.workers.children", "3"));
        WorkersConfig.check(config);
        assertEquals(3, WorkersConfig.childrenPerWorker(config, 96, 1));
    }

    @Test
    void valuesOutOfRangeAreOneLineEach() {
        Map<String, String> bad = Map.of(
                "count", "0",
                "children", "1025",
                "start-timeout", "0s",
                "restart-delay-max", "1ms");
        bad.forEach((key, value) -> {
            String message = assertThrows(
                            ConfigurationProblem.class,
                            () -> WorkersConfig.check(config(Map.of("relais.workers." + key, value))),
                            key)
                    .getMessage();
            assertTrue(
                    message.startsWith("relais.workers." + key + "=")
                            && message.lines().count() == 1,
                    message);
        });
    }
}
