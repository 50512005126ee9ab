package dev.relais.configuration;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import dev.relais.configuration.ValueForm.Choice;
import dev.relais.configuration.ValueForm.Decimal;
import dev.relais.configuration.ValueForm.Size;
import dev.relais.configuration.ValueForm.Time;
import dev.relais.configuration.ValueForm.Truth;
import dev.relais.configuration.ValueForm.Whole;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No key of Relais, and none of Quarkus that the documentation names, takes a value of another form, or says so in a library's words. */
class ValueCheckTest {
    private static SmallRyeConfigBuilder builder(Map<String, String> values) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withProfile("prod")
                .withDefaultValues(new HashMap<>(values));
        new ValueChecks().configBuilder(builder);
        return builder;
    }

    private static SmallRyeConfig config(Map<String, String> values) {
        return builder(values).build();
    }

    static Stream<Arguments> wrong() {
        List<Arguments> wrong = new ArrayList<>();
        KnownKeys.read().all().forEach((name, key) -> {
            for (String value : wrongValues(key.form())) {
                wrong.add(Arguments.of(name, value));
            }
            if (!key.optional()) {
                wrong.add(Arguments.of(name, ""));
                wrong.add(Arguments.of(name, "  "));
            }
        });
        return wrong.stream();
    }

    private static List<String> wrongValues(ValueForm form) {
        if (form instanceof Time) {
            return List.of(
                    "soon", "2 s 3", "1y", "-", "٣s", "99999999999999999999d", "PT99999999999999999999S", "1s\n2s");
        } else if (form instanceof Size size) {
            return size.most() == Long.MAX_VALUE
                    ? List.of("big", "10 M", "1.5M", "-1K", "K", "10MB", "0x10")
                    : List.of("big", "10 M", "0", "9G", "99999999999999999999Y");
        } else if (form instanceof Whole whole) {
            List<String> some =
                    new ArrayList<>(List.of("many", "1.5", "1e3", "0x10", "10 000", "99999999999999999999", "-", "٣"));
            if (whole.own()) {
                some.addAll(List.of(Long.toString(whole.least() - 1), Long.toString(whole.most() + 1)));
            }
            return some;
        } else if (form instanceof Decimal) {
            return List.of("a tenth", "0,1", "10%");
        } else if (form instanceof Truth) {
            return List.of("maybe", "ture", "flase", "2", "enabled");
        } else if (form instanceof Choice choice) {
            return choice.several()
                    ? List.of(
                            "xml",
                            choice.words().get(0) + ",xml",
                            choice.words().get(0) + " " + choice.words().get(1))
                    : List.of(
                            "xml",
                            choice.words().get(0) + "," + choice.words().get(1),
                            choice.words().get(0) + "x");
        }
        return List.of();
    }

    @ParameterizedTest
    @MethodSource
    void wrong(String key, String value) {
        SmallRyeConfig config = config(Map.of(key, value));
        String line = assertThrows(ConfigurationProblem.class, () -> config.getOptionalValue(key, String.class))
                .getMessage();
        assertTrue(line.startsWith(key + "=" + value.strip().replace('\n', ' ') + ": "), line);
        assertTrue(line.contains("; set "), "no remedy: " + line);
    }

    static Stream<Arguments> right() {
        List<Arguments> right = new ArrayList<>();
        KnownKeys.read().all().forEach((name, key) -> {
            for (String value : rightValues(key.form())) {
                right.add(Arguments.of(name, value));
                right.add(Arguments.of(name, " " + value + " "));
            }
            if (key.optional()) {
                right.add(Arguments.of(name, ""));
            }
        });
        return right.stream();
    }

    private static List<String> rightValues(ValueForm form) {
        if (form instanceof Time) {
            return List.of("300ms", "2s", "5m", "1h", "1d", "PT2S", "10", "0s");
        } else if (form instanceof Size) {
            return List.of("4096", "64K", "10M");
        } else if (form instanceof Whole whole) {
            return List.of(Long.toString(Math.max(whole.least(), Integer.MIN_VALUE)), "+100", "64");
        } else if (form instanceof Decimal) {
            return List.of("0.1", ".5", "1");
        } else if (form instanceof Truth) {
            return List.of("true", "False", "on", "no");
        } else if (form instanceof Choice choice) {
            String first = choice.words().get(0);
            return choice.several()
                    ? List.of(first, first + ", " + choice.words().get(1))
                    : choice.words();
        }
        return List.of("anything", "a,b", "/a/b");
    }

    @ParameterizedTest
    @MethodSource
    void right(String key, String value) {
        SmallRyeConfig config = config(Map.of(key, value));
        assertDoesNotThrow(() -> config.getOptionalValue(key, String.class));
    }

    @Test
    void aValueIsCheckedAsItIsAfterExpressionsAndProfiles() {
        SmallRyeConfig config = config(Map.of(
                "relais.http.idle-timeout", "${the.time}",
                "the.time", "soon",
                "%prod.relais.queue.max-wait", "never",
                "relais.queue.max-wait", "1s"));
        assertEquals(
                "relais.http.idle-timeout=soon: is no time; set a time such as 300ms, 2s or 5m",
                assertThrows(
                                ConfigurationProblem.class,
                                () -> config.getValue("relais.http.idle-timeout", String.class))
                        .getMessage());
        assertEquals(
                "never",
                assertThrows(ConfigurationProblem.class, () -> config.getValue("relais.queue.max-wait", String.class))
                        .value());
    }

    @ConfigMapping(prefix = "other")
    interface Other {
        int number();

        int another();

        Optional<String> text();
    }

    @Test
    void keysWithoutAFormAreExplainedToo() {
        Map<String, String> values =
                Map.of("other.number", "ten", "other.another", "", "other.txt", "x", "other.passwd", "hidden");
        ConfigValidationException invalid = assertThrows(
                ConfigValidationException.class,
                () -> builder(values).withMapping(Other.class).build());
        String line = InvalidConfiguration.explain(invalid, config(values));
        assertTrue(
                line.contains("other.number=ten: cannot be taken (Expected an integer value, got \"ten\"); correct it"),
                line);
        assertTrue(line.contains("other.another=: is empty; set a value"), line);
        assertTrue(line.contains("other.txt=x: is no key"), line);
        assertTrue(line.contains("other.passwd=...: is no key"), line);
        assertFalse(line.contains("SRCFG") || line.contains("Exception"), line);
    }

    @Test
    void aKeyThatNobodyReadsStopsTheStart() {
        SmallRyeConfig config = config(Map.of("relais.worker.count", "3"));
        ConfigurationProblem problem =
                assertThrows(ConfigurationProblem.class, () -> UnknownKeys.check(config, Map.of()));
        assertEquals(
                "relais.worker.count=3: is no key of Relais; set relais.workers.count if that is meant, or remove it;"
                        + " src/docs/configuration.md has all keys",
                problem.getMessage());
        assertDoesNotThrow(() -> UnknownKeys.check(
                config(Map.of("relais.workers.count", "3", "quarkus.any", "x")),
                Map.of("RELAIS_SERVICE_HOST", "10.0.0.1", "RELAIS_WORKER_COUNT", "3")));
    }
}
