package dev.relais.fpm;

import dev.relais.ConfigurationProblem;
import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which PHP-FPM to run, as whom and with which settings. Read once at start. Call {@link #check} before. */
@ConfigMapping(prefix = "relais.workers")
public interface FpmConfig {
    /** The php-fpm program; empty: the newest of those on PATH, in /usr/sbin and in /usr/local/sbin. */
    Optional<Path> phpFpm();

    /** The directory under which a fresh private directory is made for sockets and configuration; empty: the system's temporary one. */
    Optional<Path> runDirectory();

    /** The user PHP runs as when the gateway runs as root; empty: www-data, else nobody. */
    Optional<String> user();

    /** The group PHP runs as when the gateway runs as root; empty: the user's primary group. */
    Optional<String> group();

    /** The names of the gateway's environment variables that PHP sees; all others are withheld. */
    Optional<List<String>> environment();

    /** PHP settings such as {@code "memory_limit"=256M}, written as in php.ini; they win over php.ini and over Relais' own. */
    Map<String, String> phpSettings();

    /**
     * Whether a connection to PHP is kept after a request with a body; empty: unless this version of PHP has CVE-2026-129289. True is right
     * for an older version that the distribution has mended.
     */
    Optional<Boolean> keepAfterBody();

    /**
     * Checks what the types cannot say.
     *
     * @throws ConfigurationProblem naming the first key that is out of its range
     */
    static void check(FpmConfig config) {
        for (String name : config.environment().orElse(List.of())) {
            if (!Patterns.VARIABLE.matcher(name).matches()) {
                throw problem(
                        "environment",
                        name,
                        "is no name of an environment variable",
                        "give names such as APP_ENV, without values");
            }
        }
        config.phpSettings().forEach(FpmConfig::checkSetting);
        checkLogging(config.phpSettings().get("fastcgi.logging"));
    }

    private static void checkSetting(String name, String value) {
        String key = "php-settings.\"" + name + "\"";
        if (!Patterns.SETTING.matcher(name).matches()) {
            throw problem(key, value, "is no name of a PHP setting", "use a name from php.ini such as memory_limit");
        }
        // FPM hands -d to its ini parser as a line of text: a line break would begin another setting.
        if (value.chars().anyMatch(c -> c < ' ' || c == 127)) {
            throw problem(key, "...", "holds a control character", "write the value on one line");
        }
    }

    private static void checkLogging(@Nullable String value) {
        if (value != null
                && !List.of("1", "on", "yes", "true").contains(value.strip().toLowerCase(Locale.ROOT))) {
            throw problem(
                    "php-settings.\"fastcgi.logging\"",
                    value,
                    "PHP's messages would not reach the log, nor fastcgi_finish_request the gateway",
                    "remove the key; \"log_errors\"=0 is for silence");
        }
    }

    private static ConfigurationProblem problem(String key, Object value, String problem, String remedy) {
        return new ConfigurationProblem("relais.workers." + key, value, problem, remedy);
    }

    /** The shapes of names. */
    final class Patterns {
        static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
        static final Pattern SETTING = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,127}");

        private Patterns() {}
    }
}
