package dev.relais.debug;

import dev.relais.ConfigurationProblem;
import dev.relais.Ranges;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/** The workers for requests that are debugged, which dev mode or {@code relais.debug.key} allows. Call {@link #check} before. */
@ConfigMapping(prefix = "relais.debug")
public interface DebugLaneConfig {
    String PREFIX = "relais.debug.";

    /** The extension that only these workers load: its name, or the path of its file. */
    @WithDefault("xdebug")
    String extension();

    /** What it does with a request that does not say it: step, trace or profile. */
    @WithDefault("step")
    DebugMode mode();

    /** How many requests are debugged at a time, in each mode; 1 to 16. */
    @WithDefault("2")
    int concurrency();

    /** How long the workers of a mode stay without a request. */
    @WithDefault("5m")
    Duration idleTimeout();

    /** How long a debugged request may run, without the time during which a debugger is attached. */
    @WithDefault("10m")
    Duration timeLimit();

    /** Where the debugger listens for DBGp (Xdebug's client_host). */
    @WithDefault("127.0.0.1")
    String clientHost();

    /** The port that it listens at. */
    @WithDefault("9003")
    int clientPort();

    /** PHP settings for these workers alone, which win over those of all workers and over Relais' own. */
    Map<String, String> phpSettings();

    /** How many profiles and traces are kept; the oldest is deleted for another one; 1 to 1000. */
    @WithDefault("16")
    int keptFiles();

    /** The bytes of all profiles and traces together; beyond that the oldest is deleted. */
    @WithDefault("256M")
    MemorySize keptBytes();

    /** The shapes of names. */
    final class Patterns {
        static final Pattern EXTENSION = Pattern.compile("[A-Za-z0-9_./-]{1,255}");
        static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:_-]{1,255}");
        static final Pattern SETTING = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,127}");

        private Patterns() {}
    }

    /** @throws ConfigurationProblem naming the first key that is out of its range */
    static void check(DebugLaneConfig config) {
        shape("extension", config.extension(), Patterns.EXTENSION, "write a name such as xdebug");
        shape("client-host", config.clientHost(), Patterns.HOST, "write a name or an address");
        Ranges.number(PREFIX + "concurrency", config.concurrency(), 1, 16);
        Ranges.number(PREFIX + "client-port", config.clientPort(), 1, 65_535);
        Ranges.number(PREFIX + "kept-files", config.keptFiles(), 1, 1000);
        Ranges.size(PREFIX + "kept-bytes", config.keptBytes(), 1 << 10, 1L << 50);
        Ranges.time(PREFIX + "idle-timeout", config.idleTimeout(), Duration.ofMillis(100), Ranges.DAY);
        Ranges.time(PREFIX + "time-limit", config.timeLimit(), Duration.ofMillis(100), Ranges.DAY);
        config.phpSettings().forEach((name, value) -> {
            String key = "php-settings.\"" + name + "\"";
            shape(key, name, Patterns.SETTING, "use a name from php.ini such as memory_limit");
            if (value.chars().anyMatch(c -> c < ' ' || c == 127)) {
                throw new ConfigurationProblem(
                        PREFIX + key, "...", "holds a control character", "write the value on one line");
            }
        });
    }

    private static void shape(String key, String value, Pattern shape, String remedy) {
        if (!shape.matcher(value).matches()) {
            throw new ConfigurationProblem(PREFIX + key, value, "is no possible value", remedy);
        }
    }
}
