package dev.relais.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** With the converters that Quarkus brings. */
class FunctionsConfigTest {
    @Test
    void everyKeyHasADefault() {
        FunctionsConfig config = config(Map.of());

        assertEquals(Path.of("functions"), config.directory());
        assertEquals(Duration.ofSeconds(60), config.timeout());
        assertEquals(Duration.ofMillis(250), config.scanInterval());
        assertEquals(Optional.empty(), config.allowSymlinksTo());
        assertEquals(10_000, config.maxCount());
    }

    @Test
    void everyKeyIsRead() {
        FunctionsConfig config = config(Map.of(
                "relais.functions.directory", "/srv/php",
                "relais.functions.timeout", "1500ms",
                "relais.functions.scan-interval", "1s",
                "relais.functions.allow-symlinks-to", "/srv/a,/srv/b",
                "relais.functions.max-count", "5"));

        assertEquals(Path.of("/srv/php"), config.directory());
        assertEquals(Duration.ofMillis(1500), config.timeout());
        assertEquals(Duration.ofSeconds(1), config.scanInterval());
        assertEquals(Optional.of(List.of(Path.of("/srv/a"), Path.of("/srv/b"))), config.allowSymlinksTo());
        assertEquals(5, config.maxCount());
    }

    private static FunctionsConfig config(Map<String, String> keys) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(FunctionsConfig.class)
                .withSources(new PropertiesConfigSource(keys, "test", 100))
                .build()
                .getConfigMapping(FunctionsConfig.class);
    }
}
