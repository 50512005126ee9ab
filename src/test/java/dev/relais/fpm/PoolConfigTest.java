package dev.relais.fpm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.relais.slot.WorkerKind;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PoolConfigTest {
    private static FpmConfig all() {
        return new SmallRyeConfigBuilder()
                .withMapping(FpmConfig.class)
                .withSources(new PropertiesConfigSource(
                        Map.of(
                                "relais.workers.user", "common",
                                "relais.workers.group", "group",
                                "relais.workers.php-fpm", "/opt/common",
                                "relais.workers.environment", "APP_ENV",
                                "relais.workers.run-directory", "/run",
                                "relais.workers.keep-after-body", "true",
                                "relais.workers.php-settings.\"memory_limit\"", "1M",
                                "relais.workers.php-settings.\"precision\"", "3"),
                        "test",
                        100))
                .build()
                .getConfigMapping(FpmConfig.class);
    }

    @Test
    void whatAPoolSaysOfItsOwnWins() {
        FpmConfig pool = new PoolConfig(
                all(), new WorkerKind.Own("own", Path.of("/opt/own"), Map.of("memory_limit", "2M"), "", false));
        assertEquals(Optional.of("own"), pool.user());
        assertEquals(Optional.empty(), pool.group(), "the user's primary group");
        assertEquals(Optional.of(Path.of("/opt/own")), pool.phpFpm());
        assertEquals(Optional.empty(), pool.keepAfterBody(), "the program's version decides");
        assertEquals(Map.of("memory_limit", "2M", "precision", "3"), pool.phpSettings());
        assertEquals(Optional.of(List.of("APP_ENV")), pool.environment());
        assertEquals(Optional.of(Path.of("/run")), pool.runDirectory());
    }

    @Test
    void whatItDoesNotSayIsThatOfAll() {
        FpmConfig pool = new PoolConfig(all(), new WorkerKind.Own(null, null, Map.of(), "", false));
        assertEquals(Optional.of("common"), pool.user());
        assertEquals(Optional.of("group"), pool.group());
        assertEquals(Optional.of(Path.of("/opt/common")), pool.phpFpm());
        assertEquals(Optional.of(true), pool.keepAfterBody());
        assertEquals(all().phpSettings(), pool.phpSettings());
    }
}
