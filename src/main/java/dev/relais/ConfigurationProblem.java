package dev.relais;

import org.jspecify.annotations.Nullable;

/**
 * A setting or a condition of the host that makes a start impossible: one line that names the key, its value and the remedy.
 * Thrown at start only; {@code main} prints the message alone, without a stack trace, and exits with 1.
 */
public final class ConfigurationProblem extends RuntimeException {
    private final String key;
    private final String value;
    private final String problem;
    private final String remedy;

    /**
     * @param key the configuration key, such as {@code relais.workers.php-fpm}
     * @param value the value in force; null is shown as "(not set)"
     * @param problem what is wrong with it
     * @param remedy what to do about it
     */
    public ConfigurationProblem(String key, @Nullable Object value, String problem, String remedy) {
        super(key + "=" + text(value) + ": " + problem + "; " + remedy, null, false, false);
        this.key = key;
        this.value = text(value);
        this.problem = problem;
        this.remedy = remedy;
    }

    /** On one line, without the user and the password of an address. */
    private static String text(@Nullable Object value) {
        return value == null
                ? "(not set)"
                : LogText.withoutCredentials(value.toString().replaceAll("\\p{Cntrl}+", " "));
    }

    public String key() {
        return key;
    }

    /** The value in force, or {@code (not set)}. */
    public String value() {
        return value;
    }

    public String problem() {
        return problem;
    }

    public String remedy() {
        return remedy;
    }
}
