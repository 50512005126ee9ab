package dev.relais;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.lifecycle.LifecycleConfig;
import dev.relais.worker.WorkersConfig;
import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The manifest in {@code kubernetes/} is what the build generates from these sources, under a banner of comments. */
class KubernetesManifestIT {
    private static final Path COMMITTED = Path.of("kubernetes/kubernetes.yml");
    private static final Path GENERATED = Path.of("target/kubernetes/kubernetes.yml");
    /** The time until every proxy has removed an endpoint from its list, which takes some seconds in a cluster under load. */
    private static final Duration UNLISTED = Duration.ofSeconds(5);
    /** The part of the grace period that is left for the guard, the end of the JVM and a slow node. */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    @Test
    void committedManifestIsTheGeneratedOne() throws IOException {
        assertEquals(
                manifest(GENERATED),
                manifest(COMMITTED),
                COMMITTED + " is stale: run src/main/kubernetes/generate and commit what it changes");
    }

    @Test
    void aDeletedPodServesOnUntilTheProxiesHaveHeardOfItAndIsNotKilledBeforeItsStopIsOver() throws Exception {
        Map<?, ?> pod = pod();
        Duration delay = shutdownDelay(pod);
        assertTrue(delay.compareTo(UNLISTED) >= 0, "RELAIS_SHUTDOWN_DELAY is " + delay);
        Duration grace = Duration.ofSeconds(((Number) pod.get("terminationGracePeriodSeconds")).longValue());
        Duration stop = delay.plus(byDefault(LifecycleConfig.class, "timeout"))
                .plus(byDefault(WorkersConfig.class, "stopTimeout"));
        assertTrue(grace.compareTo(stop.plus(MARGIN)) >= 0, "a grace period of " + grace + " for a stop of " + stop);
    }

    private static String manifest(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> !line.startsWith("#")).collect(Collectors.joining("\n"));
        }
    }

    /** The specification of the Deployment's pods. */
    private static Map<?, ?> pod() throws IOException {
        for (Object document : new Yaml().loadAll(Files.readString(COMMITTED))) {
            Map<?, ?> resource = (Map<?, ?>) document;
            if ("Deployment".equals(resource.get("kind"))) {
                return in(in(in(resource, "spec"), "template"), "spec");
            }
        }
        throw new AssertionError("no Deployment in " + COMMITTED);
    }

    private static Duration shutdownDelay(Map<?, ?> pod) {
        for (Object container : (List<?>) pod.get("containers")) {
            for (Object variable : (List<?>) ((Map<?, ?>) container).get("env")) {
                if ("RELAIS_SHUTDOWN_DELAY".equals(((Map<?, ?>) variable).get("name"))) {
                    return duration((String) ((Map<?, ?>) variable).get("value"));
                }
            }
        }
        throw new AssertionError("no RELAIS_SHUTDOWN_DELAY in " + COMMITTED);
    }

    private static Map<?, ?> in(Map<?, ?> map, String key) {
        return (Map<?, ?>) map.get(key);
    }

    private static Duration byDefault(Class<?> config, String method) throws NoSuchMethodException {
        return duration(
                config.getMethod(method).getAnnotation(WithDefault.class).value());
    }

    private static Duration duration(String text) {
        return Duration.parse("PT" + text);
    }
}
