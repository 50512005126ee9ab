package dev.relais;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.admission.PoisonConfig;
import dev.relais.admission.QueueConfig;
import dev.relais.balancer.SamplerConfig;
import dev.relais.console.ManagementConfig;
import dev.relais.fpm.WorkersConfig;
import dev.relais.functions.FunctionsConfig;
import dev.relais.http.GatewayConfig;
import dev.relais.lifecycle.GenerationsConfig;
import dev.relais.lifecycle.LifecycleConfig;
import dev.relais.slot.RecycleConfig;
import io.smallrye.config.ConfigMapping;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The README names what users depend on: every configuration key, problem type and meter. */
class ReadmeTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/relais");

    private final String readme = Files.readString(Path.of("README.md"));

    ReadmeTest() throws IOException {}

    @ParameterizedTest
    @ValueSource(
            classes = {
                QueueConfig.class,
                PoisonConfig.class,
                SamplerConfig.class,
                FunctionsConfig.class,
                GatewayConfig.class,
                GenerationsConfig.class,
                LifecycleConfig.class,
                ManagementConfig.class,
                RecycleConfig.class,
                WorkersConfig.class
            })
    void namesEveryConfigurationKey(Class<?> config) {
        String prefix = config.getAnnotation(ConfigMapping.class).prefix();
        for (Method key : config.getDeclaredMethods()) {
            if (Modifier.isAbstract(key.getModifiers())) {
                String name = prefix + "."
                        + key.getName().replaceAll("([A-Z])", "-$1").toLowerCase();
                assertTrue(readme.contains("`" + name), name);
            }
        }
    }

    @Test
    void namesEveryProblemType() throws IOException {
        assertEach("http/Problem.java", "[A-Z_]+\\(\\d{3}, \"([a-z-]+)\"", "`urn:relais:problem:%s`");
    }

    @Test
    void namesEveryMeter() throws IOException {
        assertEach("telemetry/StateMeters.java", "\"(relais\\.[a-z.]+)\"", "`%s");
        assertEach("telemetry/GenerationMeters.java", "\"(relais\\.[a-z.]+)\"", "`%s");
        assertEach("telemetry/InvocationMeters.java", "\"(relais\\.[a-z.]+)\"", "`%s");
        assertEach("telemetry/ManagementMeters.java", "\"(relais\\.[a-z.]+)\"", "`%s");
        assertEach("telemetry/FunctionMeters.java", "\"(relais\\.[a-z.]+)\"", "`%s");
    }

    @Test
    void namesEveryKeyOfAFunction() throws IOException {
        assertEach("functions/FunctionKeys.java", "key\\(\\s*\"([a-z-]+)\"", "| `%s` |");
    }

    private void assertEach(String source, String pattern, String shown) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(SOURCES.resolve(source)));
        int found = 0;
        while (matcher.find()) {
            String name = shown.formatted(matcher.group(1).replace('.', '_'));
            assertTrue(readme.contains(name), name);
            found++;
        }
        assertTrue(found > 0, source);
    }
}
