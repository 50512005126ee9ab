package dev.relais.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.documentation.DocumentedMeters;
import dev.relais.http.GatewayConfig;
import dev.relais.lifecycle.LifecycleConfig;
import dev.relais.worker.WorkersConfig;
import io.fabric8.kubernetes.api.model.Quantity;
import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That the manifests agree with each other, and with what the code does. */
class ManifestAgreementTest {
    /** The time until every proxy has removed an endpoint from its list, which takes some seconds in a cluster under load. */
    private static final Duration UNLISTED = Duration.ofSeconds(5);
    /** The part of the grace period that is left for the guard, the end of the JVM and a slow node. */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private static final Pattern METER = Pattern.compile("\\brelais_[a-z_]+\\b");

    static List<Rendering> renderings() throws IOException {
        return Rendering.all();
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void everySelectorSelectsThePods(Rendering rendering) {
        Map<?, ?> labels = deployment(rendering)
                .at("spec", "template", "metadata", "labels")
                .map();
        List<Node> selectors = new ArrayList<>();
        selectors.add(deployment(rendering).at("spec", "selector", "matchLabels"));
        selectors.add(rendering.only("Service").at("spec", "selector"));
        selectors.add(rendering.only("NetworkPolicy").at("spec", "podSelector", "matchLabels"));
        selectors.add(rendering.only("PodDisruptionBudget").at("spec", "selector", "matchLabels"));
        pod(rendering)
                .at("topologySpreadConstraints")
                .each()
                .forEach(constraint -> selectors.add(constraint.at("labelSelector", "matchLabels")));
        assertEquals(6, selectors.size());
        for (Node selector : selectors) {
            assertFalse(selector.map().isEmpty(), selector.path());
            assertTrue(labels.entrySet().containsAll(selector.map().entrySet()), selector.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void everyPortThatIsSpokenOfIsOpen(Rendering rendering) {
        Set<Object> open = new HashSet<>();
        for (Node port : container(rendering).at("ports").each()) {
            open.add(port.at("containerPort").value());
            open.add(port.at("name").value());
        }
        List<Node> spokenOf = new ArrayList<>();
        for (Node port : rendering.only("Service").at("spec", "ports").each()) {
            spokenOf.add(port.at("targetPort"));
        }
        for (Node rule : rendering.only("NetworkPolicy").at("spec", "ingress").each()) {
            rule.at("ports").each().forEach(port -> spokenOf.add(port.at("port")));
        }
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            spokenOf.add(container(rendering).at(probe, "httpGet", "port"));
        }
        for (Node monitor : rendering.all("ServiceMonitor")) {
            monitor.at("spec", "endpoints").each().forEach(endpoint -> spokenOf.add(endpoint.at("targetPort")));
        }
        for (Node port : spokenOf) {
            assertTrue(open.contains(port.value()), port + ", but there are " + open);
        }
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void everyResourceThatIsNamedIsThere(Rendering rendering) {
        Set<String> there = new HashSet<>();
        rendering
                .resources()
                .forEach(resource ->
                        there.add(resource.get("kind") + " " + ((Map<?, ?>) resource.get("metadata")).get("name")));
        List<String> named = new ArrayList<>();
        named.add("ServiceAccount " + pod(rendering).at("serviceAccountName").text());
        for (Node volume : pod(rendering).at("volumes").each()) {
            if (volume.at("configMap").value() != null) {
                named.add("ConfigMap " + volume.at("configMap", "name").text());
            }
        }
        for (String scaler : List.of("HorizontalPodAutoscaler", "ScaledObject")) {
            for (Node scaled : rendering.all(scaler)) {
                Node target = scaled.at("spec", "scaleTargetRef");
                named.add(target.at("kind").text() + " " + target.at("name").text());
            }
        }
        for (Node route : rendering.all("InterceptorRoute")) {
            assertPortOfService(rendering, route.at("spec", "target", "service"), route.at("spec", "target", "port"));
        }
        for (Node route : rendering.all("HTTPRoute")) {
            for (Node rule : route.at("spec", "rules").each()) {
                rule.at("backendRefs")
                        .each()
                        .forEach(backend -> assertPortOfService(rendering, backend.at("name"), backend.at("port")));
            }
        }
        for (Node monitor : rendering.all("ServiceMonitor")) {
            Map<?, ?> selector = monitor.at("spec", "selector", "matchLabels").map();
            Map<?, ?> labels =
                    rendering.only("Service").at("metadata", "labels").map();
            assertTrue(labels.entrySet().containsAll(selector.entrySet()), monitor.toString());
        }
        for (String resource : named) {
            assertTrue(there.contains(resource), resource + " is not among " + there);
        }
    }

    private static void assertPortOfService(Rendering rendering, Node name, Node port) {
        Node service = rendering.only("Service");
        assertEquals(service.at("metadata", "name").text(), name.text(), name.path());
        service.at("spec", "ports").with("port", port.value());
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void everyVolumeIsMountedAndEveryMountHasAVolume(Rendering rendering) {
        Set<String> volumes = new HashSet<>();
        Set<String> mounts = new HashSet<>();
        pod(rendering)
                .at("volumes")
                .each()
                .forEach(volume -> volumes.add(volume.at("name").text()));
        container(rendering)
                .at("volumeMounts")
                .each()
                .forEach(mount -> mounts.add(mount.at("name").text()));
        assertEquals(volumes, mounts);
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void aPodHasNoMoreRightsThanItNeeds(Rendering rendering) {
        Node pod = pod(rendering);
        Node container = container(rendering).at("securityContext");
        assertEquals(true, pod.at("securityContext", "runAsNonRoot").value());
        assertTrue(pod.at("securityContext", "runAsUser").number() > 0);
        assertEquals(false, pod.at("automountServiceAccountToken").value());
        assertEquals(
                false,
                rendering
                        .only("ServiceAccount")
                        .at("automountServiceAccountToken")
                        .value());
        assertEquals(true, container.at("readOnlyRootFilesystem").value());
        assertEquals(false, container.at("allowPrivilegeEscalation").value());
        assertEquals(List.of("ALL"), container.at("capabilities", "drop").value());
        assertEquals("RuntimeDefault", container.at("seccompProfile", "type").value());
        container(rendering).at("resources", "limits", "memory").text();
        container(rendering).at("resources", "requests", "cpu").text();
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void everyQuantityIsOne(Rendering rendering) {
        List<Node> quantities = new ArrayList<>();
        for (String kind : List.of("requests", "limits")) {
            Node resources = container(rendering).at("resources", kind);
            resources.map().keySet().forEach(name -> quantities.add(resources.at((String) name)));
        }
        pod(rendering).at("volumes").each().forEach(volume -> quantities.add(volume.at("emptyDir", "sizeLimit")));
        for (Node scaler : rendering.all("HorizontalPodAutoscaler")) {
            scaler.at("spec", "metrics")
                    .each()
                    .forEach(metric -> quantities.add(metric.at("pods", "target", "averageValue")));
        }
        for (Node quantity : quantities) {
            if (quantity.value() != null) {
                assertTrue(amount(quantity).signum() > 0, quantity.toString());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void aRollingUpdateTakesNoPodAwayBeforeAnotherIsReady(Rendering rendering) {
        Node strategy = deployment(rendering).at("spec", "strategy");
        assertEquals("RollingUpdate", strategy.at("type").text());
        assertEquals("0", strategy.at("rollingUpdate", "maxUnavailable").text());
        assertFalse("0".equals(strategy.at("rollingUpdate", "maxSurge").text()));
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void aDeletedPodServesOnUntilTheProxiesHaveHeardOfItAndIsNotKilledBeforeItsStopIsOver(Rendering rendering)
            throws Exception {
        Duration delay = setting(rendering, "RELAIS_SHUTDOWN_DELAY", byDefault(LifecycleConfig.class, "delay"));
        assertTrue(delay.compareTo(UNLISTED) >= 0, "RELAIS_SHUTDOWN_DELAY is " + delay);
        Duration grace = Duration.ofSeconds(
                pod(rendering).at("terminationGracePeriodSeconds").number());
        Duration stop = delay.plus(
                        setting(rendering, "RELAIS_SHUTDOWN_TIMEOUT", byDefault(LifecycleConfig.class, "timeout")))
                .plus(setting(rendering, "RELAIS_WORKERS_STOP_TIMEOUT", byDefault(WorkersConfig.class, "stopTimeout")));
        assertTrue(grace.compareTo(stop.plus(MARGIN)) >= 0, "a grace period of " + grace + " for a stop of " + stop);
    }

    @Test
    void theTemporaryFolderHoldsAFullSpool() throws Exception {
        Node limit = pod(Rendering.of("base")).at("volumes").with("name", "tmp").at("emptyDir", "sizeLimit");
        String spool = byDefault(GatewayConfig.class, "spoolCapacity");
        assertTrue(amount(limit).compareTo(amount(new Node("spool", spool + "i"))) > 0, limit + " for " + spool);
    }

    @Test
    void operatorsReachTheManagementPortOnlyOutOfLabelledNamespaces() {
        for (String name : List.of("base", "overlays/production")) {
            Node rules = Rendering.of(name).only("NetworkPolicy").at("spec", "ingress");
            for (Node rule : rules.each()) {
                for (Node port : rule.at("ports").each()) {
                    boolean isPublic = port.at("port").number() == 8080;
                    assertEquals(isPublic, rule.at("from").value() == null, rule.toString());
                }
            }
            assertEquals(2, rules.each().size());
        }
    }

    @Test
    void overlaysChangeWhatTheyName() {
        Rendering production = Rendering.of("overlays/production");
        assertEquals(
                "registry.example.com/shop/functions:1.0.0",
                container(production).at("image").text());
        assertEquals(
                Map.of("kubernetes.io/metadata.name", "monitoring"),
                production
                        .only("NetworkPolicy")
                        .at("spec", "ingress")
                        .each()
                        .get(1)
                        .at("from")
                        .each()
                        .get(0)
                        .at("namespaceSelector", "matchLabels")
                        .map());
        assertEquals(
                Set.of("functions.yaml", "hello.php", "time.php"),
                Rendering.of("overlays/dev").only("ConfigMap").at("data").map().keySet());
        for (String overlay : List.of("overlays/dev", "overlays/production")) {
            Rendering rendering = Rendering.of(overlay);
            String namespace =
                    rendering.only("Namespace").at("metadata", "name").text();
            for (Map<String, Object> resource : rendering.resources()) {
                if (!resource.get("kind").equals("Namespace")) {
                    assertEquals(namespace, ((Map<?, ?>) resource.get("metadata")).get("namespace"));
                }
            }
        }
    }

    /** A meter that is renamed would leave a scaler without its numbers, in silence. */
    @Test
    void everyMeterThatAComponentAsksForIsOne() throws IOException {
        Set<String> meters =
                new HashSet<>(Set.of("relais_busy_share")); // which the adapter makes, by the comment in the component
        meters.addAll(DocumentedMeters.read().samples());
        Set<String> asked = new HashSet<>();
        try (Stream<Path> files = Files.walk(GeneratedManifests.FOLDER)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Matcher meter = METER.matcher(Files.readString(file));
                while (meter.find()) {
                    asked.add(meter.group());
                }
            }
        }
        assertTrue(asked.size() >= 4, asked.toString());
        assertTrue(meters.containsAll(asked), asked + " are asked for, and there are " + meters);
    }

    private static Node deployment(Rendering rendering) {
        return rendering.only("Deployment");
    }

    /** The specification of the Deployment's pods. */
    private static Node pod(Rendering rendering) {
        return deployment(rendering).at("spec", "template", "spec");
    }

    private static Node container(Rendering rendering) {
        return pod(rendering).at("containers").with("name", "relais");
    }

    private static BigDecimal amount(Node quantity) {
        return Quantity.getAmountInBytes(new Quantity(quantity.text()));
    }

    /** What a variable of the container says, or otherwise this. */
    private static Duration setting(Rendering rendering, String variable, String otherwise) {
        for (Node set : container(rendering).at("env").each()) {
            if (set.at("name").text().equals(variable)) {
                return duration(set.at("value").text());
            }
        }
        return duration(otherwise);
    }

    private static String byDefault(Class<?> config, String method) throws NoSuchMethodException {
        return config.getMethod(method).getAnnotation(WithDefault.class).value();
    }

    private static Duration duration(String text) {
        return Duration.parse("PT" + text);
    }
}
