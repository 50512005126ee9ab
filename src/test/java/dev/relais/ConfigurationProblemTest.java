package dev.relais;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ConfigurationProblemTest {
    @Test
    void oneLineNamesTheKeyItsValueAndTheRemedy() {
        assertEquals(
                "relais.workers.count=0: must be at least 1; set it to 1 or more",
                new ConfigurationProblem("relais.workers.count", 0, "must be at least 1", "set it to 1 or more")
                        .getMessage());
    }

    @Test
    void missingValueIsShownAsNotSet() {
        assertEquals(
                "relais.workers.php-fpm=(not set): no php-fpm on PATH; install it",
                new ConfigurationProblem("relais.workers.php-fpm", null, "no php-fpm on PATH", "install it")
                        .getMessage());
    }

    @Test
    void theUserAndThePasswordOfAnAddressAreNotSaid() {
        ConfigurationProblem problem =
                new ConfigurationProblem("key", "redis://me:secret@cache", "is wrong", "mend it");
        assertEquals("key=redis://...@cache: is wrong; mend it", problem.getMessage());
        assertEquals("redis://...@cache", problem.value());
    }
}
