package dev.relais.lifecycle;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.relais.ConfigurationProblem;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.WithName;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The range of each key of the configuration. The ends of the range are accepted, and a value beyond them stops the start with
 * one line.
 */
class ConfigurationTableTest {
    /** Keys whose type allows only values that work, or whose values are checked against the host and have their own tests. */
    private static final Set<String> WITHOUT_RANGE = Set.of(
            "relais.access-log.file",
            "relais.access-log.format",
            "relais.access-log.syslog",
            "relais.cache.enabled",
            "relais.cache.heuristic",
            "relais.cache.redis.ca-file",
            "relais.cache.redis.password",
            "relais.cache.redis.prefix",
            "relais.cache.redis.url",
            "relais.cache.status",
            "relais.cache.targets",
            "relais.debug.client-host",
            "relais.debug.extension",
            "relais.debug.key",
            "relais.debug.mode",
            "relais.debug.php-settings",
            "relais.dev.live-reload",
            "relais.functions.allow-symlinks-to",
            "relais.functions.directory",
            "relais.functions.ignore",
            "relais.functions.reload",
            "relais.http.accel-redirects",
            "relais.http.compression",
            "relais.http.compression-types",
            "relais.http.early-hints-http1",
            "relais.http.forwarding-header",
            "relais.http.h2c-upgrade",
            "relais.http.load-report",
            "relais.http.sendfile-directories",
            "relais.http.server-timing",
            "relais.http.spool-directory",
            "relais.http.tcp-no-delay",
            "relais.http.trusted-proxies",
            "relais.management.hosts",
            "relais.management.token",
            "relais.management.token-file",
            "relais.queue.adaptive-limit",
            "relais.tracing.endpoint",
            "relais.tracing.headers",
            "relais.tracing.parent-decides",
            "relais.tracing.service",
            "relais.workers.environment",
            "relais.workers.group",
            "relais.workers.keep-after-body",
            "relais.workers.php-fpm",
            "relais.workers.php-settings",
            "relais.sites.state-directory",
            "relais.workers.run-directory",
            "relais.workers.user");

    private static final String RANGES = """
            relais.access-log.buffer                | 65535   | 64K  | 1G                  | 1073741825
            relais.access-log.keep                  | -1      | 0    | 1000                | 1001
            relais.access-log.max-size              |         | 0    | 1152921504606846976 | 1152921504606846977
            relais.cache.file-threshold             | 65535   | 64K  | 1099511627776       | 1099511627777
            relais.cache.max-object-size            |         | 0    | 512M                | 536870913
            relais.cache.redis.max-object-size      |         | 0    | 16M                 | 16777217
            relais.cache.redis.purge-within         | 2s      | 3s   | 1d                  | 25h
            relais.cache.redis.timeout              | 0s      | 1ms  | 1s                  | 1001ms
            relais.cache.share                      | 0       | 1    | 100                 | 101
            relais.cache.size                       | 65535   | 64K  | 1099511627776       | 1099511627777
            relais.cache.stale-when-saturated       | -1s     | 0s   | 365d                | 366d
            relais.console.requests                 | -1      | 0    | 1000000             | 1000001
            relais.debug.concurrency                | 0       | 1    | 16                  | 17
            relais.debug.client-port                | 0       | 1    | 65535               | 65536
            relais.debug.idle-timeout               | 99ms    | 100ms | 1d                 | 25h
            relais.debug.kept-bytes                 | 1023    | 1K   | 1125899906842624    | 1125899906842625
            relais.debug.kept-files                 | 0       | 1    | 1000                | 1001
            relais.debug.time-limit                 | 99ms    | 100ms | 1d                 | 25h
            relais.dev.source-lines                 | -1      | 0    | 100                 | 101
            relais.functions.max-count              | 0       | 1    | 2147483647          |
            relais.functions.quiet                  | -1s     | 0s   | 60s                 | 60001ms
            relais.functions.scan-interval          | 9ms     | 10ms | 60s                 | 60001ms
            relais.functions.timeout                | 0s      | 1ms  | 365d                | 366d
            relais.generations.drain-timeout        | 0s      | 1ms  | 1d                  | 25h
            relais.generations.warm-up-timeout      | 0s      | 1ms  | 1d                  | 25h
            relais.health.saturated-for             | 999ms   | 1s   | 1h                  | 61m
            relais.http.body-memory                 |         | 0    | 1G                  | 1073741825
            relais.http.body-min-rate               | -1      | 0    | 1073741824          | 1073741825
            relais.http.body-timeout                | 9ms     | 10ms | 1d                  | 25h
            relais.http.client-wait                 | 9ms     | 10ms | 1d                  | 25h
            relais.http.file-memory                 |         | 0    | 1G                  | 1073741825
            relais.http.head-timeout                | 9ms     | 10ms | 1d                  | 25h
            relais.http.idle-timeout                | 9ms     | 10ms | 1d                  | 25h
            relais.http.max-body-size               |         | 0    | 1152921504606846976 | 1152921504606846977
            relais.http.max-connections             | 0       | 1    | 1000000             | 1000001
            relais.http.max-headers                 | 0       | 1    | 10000               | 10001
            relais.http.max-response-head           | 1023    | 1K   | 16M                 | 16777217
            relais.http.memory                      | 8388607 | 8M   | 1152921504606846976 | 1152921504606846977
            relais.http.response-buffer             |         | 0    | 1152921504606846976 | 1152921504606846977
            relais.http.response-memory             | 16383   | 16K  | 1G                  | 1073741825
            relais.http.spool-capacity              |         | 0    | 1152921504606846976 | 1152921504606846977
            relais.http.write-min-rate              | -1      | 0    | 1073741824          | 1073741825
            relais.http.write-timeout               | 9ms     | 10ms | 1d                  | 25h
            relais.log.buffer                       | 65535   | 64K  | 1G                  | 1073741825
            relais.management.actions-per-minute    | 0       | 1    | 6000                | 6001
            relais.php-log.function-messages        | 0       | 1    | 1000000000          | 1000000001
            relais.php-log.function-size            | 1023    | 1K   | 1099511627776       | 1099511627777
            relais.php-log.size                     | 1023    | 1K   | 1099511627776       | 1099511627777
            relais.poison.pause                     | 0s      | 1ms  | 60s                 |
            relais.poison.pause-max                 | 999ms   | 1s   | 1h                  | 61m
            relais.poison.threshold                 | -1      | 0    | 1000                | 1001
            relais.poison.window                    | 0s      | 1ms  | 1h                  | 61m
            relais.queue.capacity                   | -1      | 0    | 1000000             | 1000001
            relais.queue.max-wait                   | 0s      | 1ms  | 1d                  | 25h
            relais.queue.priority-step              | -1s     | 0s   | 1h                  | 61m
            relais.recycle.age                      | 999ms   | 1s   | 366d                | 367d
            relais.recycle.memory                   | 1048575 | 1M   | 9223372036854775807 | 9223372036854775808
            relais.recycle.requests                 | 0       | 1    | 9223372036854775807 |
            relais.recycle.share                    | 0       | 0.01 | 0.5                 | 0.51
            relais.resident.check-every             | -1      | 0    | 1000000             | 1000001
            relais.sampler.interval                 | 999ms   | 1s   | 1h                  | 3601s
            relais.shutdown.delay                   | -1s     | 0s   | 1d                  | 25h
            relais.shutdown.timeout                 | -1s     | 0s   | 1d                  | 25h
            relais.slow.threshold                   | -1s     | 0s   | 1d                  | 25h
            relais.start.warm-up                    | -1s     | 0s   | 60s                 | 60001ms
            relais.tracing.buffer                   | 15      | 16   | 1048576             | 1048577
            relais.tracing.ratio                    | -0.01   | 0    | 1                   | 1.01
            relais.tracing.timeout                  | 999ms   | 1s   | 5m                  | 301s
            relais.workers.children                 | 0       | 1    | 1024                | 1025
            relais.workers.count                    | 0       | 1    | 512                 | 513
            relais.workers.restart-delay            | 0s      | 1ms  | 30s                 |
            relais.workers.restart-delay-max        | 99ms    | 100ms | 1d                 | 25h
            relais.workers.start-timeout            | 0s      | 1ms  | 1d                  | 25h
            relais.workers.stop-timeout             | 0s      | 1ms  | 1d                  | 25h
            """;

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.relais");

    private static List<Class<?>> interfaces() {
        List<Class<?>> found = new ArrayList<>();
        for (JavaClass one : CLASSES) {
            if (one.isAnnotatedWith(ConfigMapping.class)) {
                found.add(one.reflect());
            }
        }
        return found;
    }

    private static String name(Class<?> config, Method key) {
        WithName own = key.getAnnotation(WithName.class);
        String last = own != null
                ? own.value()
                : key.getName().replaceAll("([A-Z])", "-$1").toLowerCase();
        return config.getAnnotation(ConfigMapping.class).prefix() + '.' + last;
    }

    @Test
    void eachKeyHasARangeOrNeedsNone() {
        Set<String> keys = new TreeSet<>();
        for (Class<?> config : interfaces()) {
            for (Method key : config.getDeclaredMethods()) {
                if (Modifier.isAbstract(key.getModifiers())) {
                    keys.add(name(config, key));
                }
            }
        }
        Set<String> known = new TreeSet<>(WITHOUT_RANGE);
        RANGES.lines().forEach(line -> known.add(line.split("\\|")[0].strip()));
        assertEquals(keys, known);
    }

    @Test
    void eachInterfaceIsCheckedBySomebody() {
        for (Class<?> config : interfaces()) {
            JavaClass one = CLASSES.get(config);
            boolean checked = one.getMethodCallsToSelf().stream()
                    .anyMatch(call -> call.getName().equals("check")
                            && !call.getOriginOwner().equals(one));
            assertTrue(checked, config + " is never checked");
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = RANGES, delimiter = '|')
    void theEndsOfARangeAreTakenAndWhatIsBeyondStopsTheStart(
            String key, String below, String least, String most, String above) {
        assertDoesNotThrow(() -> check(Map.of(key, least)), key + "=" + least);
        assertDoesNotThrow(() -> check(Map.of(key, most)), key + "=" + most);
        if (below != null) {
            assertRefused(key, Map.of(key, below));
        }
        if (above != null) {
            assertRefused(key, Map.of(key, above));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "relais.poison.pause-max,          relais.poison.pause, 61s",
        "relais.poison.pause,              relais.poison.pause, 61m",
        "relais.workers.restart-delay-max, relais.workers.restart-delay, 31s",
        "relais.sampler.interval,          relais.sampler.interval, 1500ms",
        "relais.recycle.share,             relais.recycle.share, NaN",
        "relais.tracing.ratio,             relais.tracing.ratio, NaN",
    })
    void whatDoesNotGoTogetherStopsTheStart(String named, String key, String value) {
        assertRefused(named, Map.of(key, value));
    }

    private static void assertRefused(String key, Map<String, String> settings) {
        ConfigurationProblem problem =
                assertThrows(ConfigurationProblem.class, () -> check(settings), settings.toString());
        String line = problem.getMessage();
        assertTrue(line.startsWith(key + "="), line);
        assertTrue(line.contains("; set "), "no remedy: " + line);
        assertFalse(line.contains("\n"), line);
    }

    private static void check(Map<String, String> settings) throws Throwable {
        String key = settings.keySet().iterator().next();
        for (Class<?> config : interfaces()) {
            String prefix = config.getAnnotation(ConfigMapping.class).prefix() + '.';
            if (key.startsWith(prefix)) {
                Object values = new SmallRyeConfigBuilder()
                        .withMapping(config)
                        .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                        .withConverter(Duration.class, 100, new DurationConverter())
                        .withDefaultValues(new HashMap<>(settings))
                        .withValidateUnknown(false)
                        .build()
                        .getConfigMapping(config);
                try {
                    config.getMethod("check", config).invoke(null, values);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            }
        }
    }
}
