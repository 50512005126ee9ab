package dev.relais.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.relais.ConfigurationProblem;
import dev.relais.functions.PoolSettings;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose key a problem with a pool's processes is. */
class PoolKindsTest {
    private static final PoolSettings OWN = new PoolSettings(
            "site:shop",
            "sites.shop.pool",
            2,
            "www-shop",
            Path.of("/opt/php-fpm"),
            Map.of("memory_limit", "x"),
            Path.of("/etc/shop.ini"),
            "a=b",
            null);

    private static final PoolSettings PLAIN =
            new PoolSettings("site:shop", "sites.shop.pool", 2, null, null, Map.of(), null, "", null);

    @ParameterizedTest
    @CsvSource({
        "relais.workers.user, functions.yaml: sites.shop.pool.user, v",
        "relais.workers.php-fpm, functions.yaml: sites.shop.pool.php-fpm, v",
        "'relais.workers.php-settings.\"memory_limit\"', functions.yaml: sites.shop.pool.ini.memory_limit, v",
        "'relais.workers.php-settings.\"precision\"', 'relais.workers.php-settings.\"precision\"', v",
        "php.ini, functions.yaml: sites.shop.pool.ini, /etc/shop.ini",
        "relais.workers.run-directory, relais.workers.run-directory, v",
    })
    void aKeyThatThePoolHasIsNamed(String key, String told, String value) {
        ConfigurationProblem problem = new ConfigurationProblem(key, "v", "is wrong", "mend it");
        assertEquals(
                new ConfigurationProblem(told, value, "is wrong", "mend it").getMessage(),
                PoolKinds.told(OWN, problem).getMessage());
        assertEquals(problem.getMessage(), PoolKinds.told(PLAIN, problem).getMessage());
    }
}
