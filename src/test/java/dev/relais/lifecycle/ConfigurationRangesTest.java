package dev.relais.lifecycle;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import dev.relais.PhpLogConfig;
import dev.relais.accesslog.AccessLogConfig;
import dev.relais.admission.PoisonConfig;
import dev.relais.admission.QueueConfig;
import dev.relais.balancer.SamplerConfig;
import dev.relais.configuration.InvalidConfiguration;
import dev.relais.configuration.ValueChecks;
import dev.relais.console.ConsoleConfig;
import dev.relais.console.ManagementConfig;
import dev.relais.debug.DebugLaneConfig;
import dev.relais.dev.DevConfig;
import dev.relais.fpm.FpmConfig;
import dev.relais.functions.FunctionsConfig;
import dev.relais.health.HealthConfig;
import dev.relais.http.DebugConfig;
import dev.relais.http.GatewayConfig;
import dev.relais.output.LogConfig;
import dev.relais.slot.RecycleConfig;
import dev.relais.slot.ResidentConfig;
import dev.relais.slow.SlowConfig;
import dev.relais.tracing.TracingConfig;
import dev.relais.warmup.StartConfig;
import dev.relais.worker.WorkersConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No value of any key leads to a timer that fires without end, or to an exception long after the start. Each value either works
 * or is refused with one line.
 */
class ConfigurationRangesTest {
    private static final List<Class<?>> INTERFACES = List.of(
            AccessLogConfig.class,
            ConsoleConfig.class,
            DebugConfig.class,
            DebugLaneConfig.class,
            DevConfig.class,
            FpmConfig.class,
            FunctionsConfig.class,
            GatewayConfig.class,
            GenerationsConfig.class,
            HealthConfig.class,
            LifecycleConfig.class,
            LogConfig.class,
            ManagementConfig.class,
            PhpLogConfig.class,
            PoisonConfig.class,
            QueueConfig.class,
            RecycleConfig.class,
            ResidentConfig.class,
            SamplerConfig.class,
            SlowConfig.class,
            StartConfig.class,
            TracingConfig.class,
            WorkersConfig.class);

    /** Keys of times for which 0 is a value that works. */
    /** A queue in which nobody may wait refuses at once whoever finds no free child. */
    private static final Set<String> MAY_BE_ZERO = Set.of(
            "relais.console.requests",
            "relais.dev.source-lines",
            "relais.queue.capacity",
            "relais.resident.check-every");

    private static final Set<String> MAY_BE_NO_TIME = Set.of(
            "relais.functions.quiet",
            "relais.queue.priority-step",
            "relais.shutdown.delay",
            "relais.shutdown.timeout",
            "relais.slow.threshold",
            "relais.start.warm-up");

    private static final List<String> NUMBERS = List.of(
            "",
            " ",
            "abc",
            "0",
            "-1",
            "-9223372036854775808",
            "2147483647",
            "2147483648",
            "9223372036854775807",
            "1e9");
    private static final List<String> TIMES = List.of(
            "",
            " ",
            "soon",
            "0",
            "0s",
            "0ms",
            "-1s",
            "-PT1S",
            "PT0.000000001S",
            "1d",
            "99999d",
            "999999999999999999d",
            "PT9223372036854775807S");
    private static final List<String> SIZES = List.of(
            "",
            " ",
            "big",
            "0",
            "-1",
            "1",
            "2G",
            "9223372036854775807",
            "9223372036854775808",
            "99999999999999999999Y");

    /** @param prefix of the interface */
    record Value(Class<?> config, Method key, String name, String value) {
        @Override
        public String toString() {
            return name + "=" + value;
        }
    }

    static Stream<Value> values() {
        List<Value> values = new ArrayList<>();
        for (Class<?> config : INTERFACES) {
            String prefix = config.getAnnotation(ConfigMapping.class).prefix() + ".";
            for (Method key : config.getDeclaredMethods()) {
                String type = key.getGenericReturnType().getTypeName();
                List<String> tried = type.contains("Duration")
                        ? TIMES
                        : type.contains("MemorySize")
                                ? SIZES
                                : type.matches("int|long|double|.*Optional(Int|Long|Double)")
                                        ? NUMBERS
                                        : List.of("", " ", "xml", "maybe");
                if (Modifier.isAbstract(key.getModifiers()) && !type.contains("Map<")) {
                    String name =
                            prefix + key.getName().replaceAll("([A-Z])", "-$1").toLowerCase();
                    tried.forEach(value -> values.add(new Value(config, key, name, value)));
                }
            }
        }
        return values.stream();
    }

    @ParameterizedTest
    @MethodSource("values")
    void isRefusedWithOneLineOrCanWork(Value tried) throws ReflectiveOperationException {
        Object config;
        try {
            config = builder(tried).withMapping(tried.config).build().getConfigMapping(tried.config);
            tried.config.getMethod("check", tried.config).invoke(null, config);
        } catch (ConfigValidationException e) {
            String line = InvalidConfiguration.explain(e, builder(tried).build());
            assertTrue(line.startsWith(tried.name + "="), line);
            assertTrue(line.contains("; set "), "no remedy: " + line);
            assertFalse(line.contains("\n"), line);
            return;
        } catch (InvocationTargetException e) {
            ConfigurationProblem problem = assertInstance(e.getCause());
            assertTrue(problem.getMessage().startsWith("relais."), problem.getMessage());
            assertTrue(problem.getMessage().contains("="), problem.getMessage());
            assertTrue(problem.getMessage().contains("; "), "no remedy: " + problem.getMessage());
            assertFalse(problem.getMessage().contains("\n"), problem.getMessage());
            return;
        }
        assertWorks(tried, tried.key.invoke(config));
    }

    private static SmallRyeConfigBuilder builder(Value tried) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .withConverter(Duration.class, 100, new DurationConverter())
                .withDefaultValues(Map.of(tried.name, tried.value));
        new ValueChecks().configBuilder(builder);
        return builder;
    }

    private static ConfigurationProblem assertInstance(Throwable cause) {
        assertTrue(cause instanceof ConfigurationProblem, () -> cause.toString());
        return (ConfigurationProblem) cause;
    }

    private static void assertWorks(Value tried, Object value) {
        if (value instanceof Optional<?> optional) {
            optional.ifPresent(present -> assertWorks(tried, present));
        } else if (value instanceof Boolean) {
            assertTrue(Set.of("true", "false", "", " ").contains(tried.value), "no boolean: " + tried);
        } else if (value instanceof Duration time) {
            assertTrue(time.toNanos() >= (MAY_BE_NO_TIME.contains(tried.name) ? 0 : 1_000), "no time: " + time);
        } else if (value instanceof MemorySize size) {
            assertTrue(size.asBigInteger().bitLength() < Long.SIZE && size.asLongValue() >= 0, "no size: " + size);
        } else if (value instanceof Number number) {
            assertTrue(number.longValue() >= 0, "no number: " + number);
        } else if (value instanceof OptionalInt number) {
            int least = MAY_BE_ZERO.contains(tried.name) ? 0 : 1;
            assertTrue(number.isEmpty() || number.getAsInt() >= least, "no number: " + number);
        } else if (value instanceof OptionalLong number) {
            assertTrue(number.isEmpty() || number.getAsLong() > 0, "no number: " + number);
        }
    }
}
