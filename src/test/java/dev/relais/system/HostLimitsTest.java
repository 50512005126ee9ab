package dev.relais.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HostLimitsTest {
    private static String set(Map<String, String> settings) {
        return HostLimits.set(new SmallRyeConfigBuilder()
                .withDefaultValue("relais.queue.capacity", "1024")
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build());
    }

    @Test
    void eachKeyThatIsSetIsSaidAndNoDefault() {
        assertEquals(
                " http.max-headers=7 workers.count=3",
                set(Map.of("relais.workers.count", "3", "relais.http.max-headers", "7", "quarkus.http.port", "1")));
        assertEquals(" nothing", set(Map.of()));
    }

    @Test
    void noSecretIsSaidAndNoLineIsBroken() {
        assertEquals(
                " cache.redis.url=redis://...@cache:6379/1 functions.directory=a\\nb management.token=... workers.php-settings.\"x\"=...",
                set(Map.of(
                        "relais.management.token",
                        "s3cret",
                        "relais.workers.php-settings.\"x\"",
                        "password",
                        "relais.functions.directory",
                        "a\nb",
                        "relais.cache.redis.url",
                        "redis://me:s3/cr@t@cache:6379/1")));
    }
}
