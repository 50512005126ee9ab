package dev.relais.fpm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FpmConfigTest {
    private static FpmConfig config(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withMapping(FpmConfig.class)
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .build()
                .getConfigMapping(FpmConfig.class);
    }

    @Test
    void everythingHasADefault() {
        FpmConfig config = config(Map.of());
        FpmConfig.check(config);
        assertEquals(Map.of(), config.phpSettings());
    }

    @Test
    void valuesAreRead() {
        FpmConfig config = config(Map.of(
                "relais.workers.environment", "A,B_2",
                "relais.workers.php-settings.\"opcache.memory_consumption\"", "64"));
        FpmConfig.check(config);
        assertEquals(List.of("A", "B_2"), config.environment().orElseThrow());
        assertEquals(Map.of("opcache.memory_consumption", "64"), config.phpSettings());
    }

    @Test
    void valuesOutOfRangeAreOneLineEach() {
        Map<String, String> bad = Map.of(
                "environment", "A=b",
                "php-settings.\"a b\"", "1",
                "php-settings.\"x\"", "1\nextension=evil.so");
        bad.forEach((key, value) -> {
            String message = assertThrows(
                            ConfigurationProblem.class,
                            () -> FpmConfig.check(config(Map.of("relais.workers." + key, value))),
                            key)
                    .getMessage();
            assertTrue(
                    message.startsWith("relais.workers." + key + "=")
                            && message.lines().count() == 1,
                    message);
        });
    }
}
