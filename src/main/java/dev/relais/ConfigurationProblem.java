package dev.relais;

import org.jspecify.annotations.Nullable;

/**
 * A setting or a condition of the host that makes a start impossible: one line that names the key, its value and the remedy.
 * Thrown at start only; {@code main} prints the message alone, without a stack trace, and exits with 1.
 */
public final class ConfigurationProblem extends RuntimeException {
    /**
     * @param key the configuration key, such as {@code relais.workers.php-fpm}
     * @param value the value in force; null is shown as "(not set)"
     * @param problem what is wrong with it
     * @param remedy what to do about it
     */
    public ConfigurationProblem(String key, @Nullable Object value, String problem, String remedy) {
        super(key + "=" + (value == null ? "(not set)" : value) + ": " + problem + "; " + remedy, null, false, false);
    }
}
