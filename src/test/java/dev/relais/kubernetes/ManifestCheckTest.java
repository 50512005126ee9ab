package dev.relais.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That the check finds each single fault that is put into what we ship. */
class ManifestCheckTest {
    /** Maps whose keys are the user's. */
    private static final Set<String> FREE =
            Set.of("labels", "annotations", "matchLabels", "data", "limits", "requests");
    /** What may be a number as well as a text. */
    private static final Set<String> EITHER =
            Set.of("port", "targetPort", "maxSurge", "maxUnavailable", "sizeLimit", "averageValue", "memory", "cpu");

    /** Without those of several components, whose parts are there already. */
    static List<Map<String, Object>> resources() throws Exception {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Rendering rendering : Rendering.all()) {
            if (!rendering.name().contains("+")) {
                all.addAll(rendering.resources());
            }
        }
        return all.stream().distinct().toList();
    }

    @Test
    void everyFieldThatNoKindKnowsIsFound() throws Exception {
        List<String> missed = new ArrayList<>();
        int tried = 0;
        for (Map<String, Object> resource : resources()) {
            for (List<Object> path : paths(resource)) {
                if (!(value(resource, path) instanceof Map<?, ?>) || isFree(resource, path)) {
                    continue;
                }
                tried++;
                Map<String, Object> faulty = copy(resource);
                map(value(faulty, path)).put("unexpected", "x");
                note(missed, faulty, resource, path);
            }
        }
        assertTrue(tried > 100, "only " + tried);
        assertEquals(List.of(), missed);
    }

    @Test
    void everyValueOfAnotherTypeIsFound() throws Exception {
        List<String> missed = new ArrayList<>();
        int tried = 0;
        for (Map<String, Object> resource : resources()) {
            for (List<Object> path : paths(resource)) {
                for (Object wrong : wrong(value(resource, path), path)) {
                    tried++;
                    Map<String, Object> faulty = copy(resource);
                    put(faulty, path, wrong);
                    note(missed, faulty, resource, path);
                }
            }
        }
        assertTrue(tried > 500, "only " + tried);
        assertEquals(List.of(), missed);
    }

    @ParameterizedTest
    @CsvSource({
        "base, Deployment, spec.selector",
        "base, Deployment, spec.template",
        "base, Deployment, spec.template.spec.containers",
        "base, Deployment, spec.template.spec.containers.0.name",
        "base, Deployment, spec.template.spec.containers.0.env.0.name",
        "base, Deployment, spec.template.spec.containers.0.ports.0.containerPort",
        "base, Deployment, spec.template.spec.containers.0.livenessProbe.httpGet.port",
        "base, Deployment, spec.template.spec.containers.0.volumeMounts.0.mountPath",
        "base, Deployment, spec.template.spec.volumes.0.name",
        "base, Deployment, spec.template.spec.topologySpreadConstraints.0.maxSkew",
        "base, Deployment, spec.template.spec.topologySpreadConstraints.0.topologyKey",
        "base, Service, spec.ports.0.port",
        "components/hpa, HorizontalPodAutoscaler, spec.scaleTargetRef",
        "components/hpa, HorizontalPodAutoscaler, spec.scaleTargetRef.name",
        "components/hpa, HorizontalPodAutoscaler, spec.maxReplicas",
        "components/hpa, HorizontalPodAutoscaler, spec.metrics.0.type",
        "components/hpa, HorizontalPodAutoscaler, spec.metrics.0.pods.metric.name",
        "components/sysctls, Deployment, spec.template.spec.securityContext.sysctls.0.value",
        "components/http-route, HTTPRoute, spec",
        "components/http-route, HTTPRoute, spec.parentRefs.0.name",
        "components/http-route, HTTPRoute, spec.rules.0.backendRefs.0.name",
        "components/http-route, HTTPRoute, spec.rules.0.backendRefs.0.port",
        "components/service-monitor, ServiceMonitor, spec",
        "components/service-monitor, ServiceMonitor, spec.selector",
        "components/service-monitor, ServiceMonitor, spec.endpoints",
        "components/prometheus-rules, PrometheusRule, spec",
        "components/prometheus-rules, PrometheusRule, spec.groups",
        "components/prometheus-rules, PrometheusRule, spec.groups.0.name",
        "components/prometheus-rules, PrometheusRule, spec.groups.0.rules.0.record",
        "components/prometheus-rules, PrometheusRule, spec.groups.1.rules.0.expr",
        "components/keda, ScaledObject, spec",
        "components/keda, ScaledObject, spec.scaleTargetRef",
        "components/keda, ScaledObject, spec.scaleTargetRef.name",
        "components/keda, ScaledObject, spec.triggers",
        "components/keda, ScaledObject, spec.triggers.0.type",
        "components/keda, ScaledObject, spec.triggers.0.metadata",
        "components/keda, ScaledObject, spec.triggers.0.metadata.query",
        "components/keda, ScaledObject, spec.fallback.replicas",
        "components/keda-http, InterceptorRoute, spec.target",
        "components/keda-http, InterceptorRoute, spec.target.port",
        "components/keda-http, InterceptorRoute, spec.scalingMetric",
        "components/keda-http, ScaledObject, spec.triggers.0.metadata.scalerAddress",
        "base, NetworkPolicy, metadata.name",
        "base, ConfigMap, metadata",
    })
    void aFieldThatHasToBeThereIsMissed(String rendering, String kind, String place) {
        Map<String, Object> resource = map(Rendering.of(rendering).only(kind).value());
        List<Object> path = path(place);
        Object before = value(resource, path);
        assertTrue(before != null, place + " is not there");
        Map<String, Object> faulty = copy(resource);
        map(value(faulty, path.subList(0, path.size() - 1))).remove(path.get(path.size() - 1));
        assertFalse(ManifestCheck.problems(faulty).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"apiVersion, apps/v1beta1", "kind, Deploymant"})
    void anApiThatNoClusterHasIsFound(String field, String value) {
        Map<String, Object> faulty =
                copy(map(Rendering.of("base").only("Deployment").value()));
        faulty.put(field, value);
        assertFalse(ManifestCheck.problems(faulty).isEmpty());
    }

    private static void note(
            List<String> missed, Map<String, Object> faulty, Map<String, Object> resource, List<Object> path) {
        if (ManifestCheck.problems(faulty).isEmpty()) {
            missed.add(resource.get("kind") + " " + path + " = " + value(faulty, path));
        }
    }

    /** Values that may not stand where this one does. */
    private static List<Object> wrong(Object value, List<Object> path) {
        if (path.isEmpty()) {
            return List.of();
        }
        Object key = path.get(path.size() - 1);
        if (EITHER.contains(key)) {
            return List.of(List.of("x"));
        }
        if (value instanceof String) {
            return List.of(7, true, List.of("x"));
        }
        if (value instanceof Number) {
            return List.of("7", true, 1.5, List.of(7));
        }
        if (value instanceof Boolean) {
            return List.of("true", 1);
        }
        return List.of("x", 7);
    }

    private static boolean isFree(Map<String, Object> resource, List<Object> path) {
        if (path.isEmpty()) {
            return false;
        }
        Object key = path.get(path.size() - 1);
        if (key.equals("metadata")) { // of a trigger, not of a resource or a pod
            return path.contains("triggers");
        }
        if (key.equals("selector")) {
            return resource.get("kind").equals("Service");
        }
        return FREE.contains(key);
    }

    /** Of all values in it, those of maps and lists, too; lists have numbers as keys. */
    private static List<List<Object>> paths(Object value) {
        List<List<Object>> paths = new ArrayList<>();
        collect(value, List.of(), paths);
        return paths;
    }

    private static void collect(Object value, List<Object> path, List<List<Object>> paths) {
        paths.add(path);
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, member) -> collect(member, longer(path, key), paths));
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                collect(list.get(i), longer(path, i), paths);
            }
        }
    }

    private static List<Object> longer(List<Object> path, Object key) {
        List<Object> longer = new ArrayList<>(path);
        longer.add(key);
        return longer;
    }

    private static List<Object> path(String text) {
        List<Object> path = new ArrayList<>();
        for (String key : text.split("\\.")) {
            path.add(Character.isDigit(key.charAt(0)) ? (Object) Integer.valueOf(key) : key);
        }
        return path;
    }

    private static Object value(Object root, List<Object> path) {
        Object value = root;
        for (Object key : path) {
            value = key instanceof Integer i ? ((List<?>) value).get(i) : ((Map<?, ?>) value).get(key);
        }
        return value;
    }

    private static void put(Map<String, Object> root, List<Object> path, Object value) {
        Object parent = value(root, path.subList(0, path.size() - 1));
        Object key = path.get(path.size() - 1);
        if (key instanceof Integer i) {
            @SuppressWarnings("unchecked") // a list of YAML
            List<Object> list = (List<Object>) parent;
            list.set(i, value);
        } else {
            map(parent).put((String) key, value);
        }
    }

    @SuppressWarnings("unchecked") // YAML's keys are texts here
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    private static Map<String, Object> copy(Map<String, Object> resource) {
        return map(deepCopy(resource));
    }

    private static Object deepCopy(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, member) -> copy.put(key, deepCopy(member)));
            return copy;
        }
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(member -> copy.add(deepCopy(member)));
            return copy;
        }
        return value;
    }
}
