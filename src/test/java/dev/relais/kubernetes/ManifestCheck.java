package dev.relais.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/**
 * Whether a resource is what its kind says, as strictly as an API server with field validation: no unknown field, none missing, none of
 * another type. fabric8's models know the fields and their types, the official client knows which have to be there, and JSON schemas in the
 * test resources have what neither does.
 */
final class ManifestCheck {
    /** Fails on what is wrong with a resource. */
    private interface Rule {
        void check(JsonNode resource) throws IOException;
    }

    private interface Official {
        void validate(JsonElement resource) throws IOException;
    }

    /** Turns no text into a number and nothing into text, as the API server does. */
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .withCoercionConfig(
                    LogicalType.Textual, text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .withCoercionConfig(
                    LogicalType.Integer, number -> number.setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
            .annotationIntrospector(new NoAdditionalProperties())
            .build();

    private static final Map<String, List<Rule>> RULES = Map.ofEntries(
            Map.entry(
                    "apps/v1 Deployment",
                    List.of(model(Deployment.class), official(V1Deployment::validateJsonElement))),
            Map.entry("v1 Service", List.of(model(Service.class), official(V1Service::validateJsonElement))),
            Map.entry(
                    "v1 ServiceAccount",
                    List.of(model(ServiceAccount.class), official(V1ServiceAccount::validateJsonElement))),
            Map.entry("v1 ConfigMap", List.of(model(ConfigMap.class), official(V1ConfigMap::validateJsonElement))),
            Map.entry("v1 Namespace", List.of(model(Namespace.class), official(V1Namespace::validateJsonElement))),
            Map.entry(
                    "networking.k8s.io/v1 NetworkPolicy",
                    List.of(model(NetworkPolicy.class), official(V1NetworkPolicy::validateJsonElement))),
            Map.entry(
                    "policy/v1 PodDisruptionBudget",
                    List.of(model(PodDisruptionBudget.class), official(V1PodDisruptionBudget::validateJsonElement))),
            Map.entry(
                    "autoscaling/v2 HorizontalPodAutoscaler",
                    List.of(
                            model(HorizontalPodAutoscaler.class),
                            official(V2HorizontalPodAutoscaler::validateJsonElement))),
            Map.entry(
                    "gateway.networking.k8s.io/v1 HTTPRoute",
                    List.of(model(HTTPRoute.class), schema("httproute.yaml"))),
            Map.entry(
                    "monitoring.coreos.com/v1 ServiceMonitor",
                    List.of(model(ServiceMonitor.class), schema("servicemonitor.yaml"))),
            Map.entry(
                    "monitoring.coreos.com/v1 PrometheusRule",
                    List.of(model(PrometheusRule.class), schema("prometheusrule.yaml"))),
            Map.entry("keda.sh/v1alpha1 ScaledObject", List.of(schema("scaledobject.yaml"))),
            Map.entry("http.keda.sh/v1beta1 InterceptorRoute", List.of(schema("interceptorroute.yaml"))));

    private ManifestCheck() {}

    /** What is wrong with it; empty when nothing is. */
    static List<String> problems(Map<String, Object> resource) {
        String kind = resource.get("apiVersion") + " " + resource.get("kind");
        List<Rule> rules = RULES.get(kind);
        if (rules == null) {
            return List.of("there is no model of " + kind);
        }
        List<String> problems = new ArrayList<>();
        JsonNode node = STRICT.valueToTree(resource);
        if (node.at("/metadata/name").asText().isEmpty()) {
            problems.add(kind + " has no name");
        }
        for (Rule rule : rules) {
            try {
                rule.check(node);
            } catch (IOException | RuntimeException e) {
                problems.add(kind + ": " + e.getMessage());
            }
        }
        return problems;
    }

    private static Rule model(Class<?> type) {
        return resource -> STRICT.treeToValue(resource, type);
    }

    private static Rule official(Official model) {
        return resource -> model.validate(JsonParser.parseString(resource.toString()));
    }

    /** @param file in the folder of this package in the test resources */
    private static Rule schema(String file) {
        JsonNode text;
        try (InputStream in = ManifestCheck.class.getResourceAsStream(file)) {
            text = new ObjectMapper().valueToTree(new Yaml().load(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        JsonSchema schema =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(text);
        return resource -> {
            var messages = schema.validate(resource);
            if (!messages.isEmpty()) {
                throw new JsonProcessingException(messages.toString()) {
                    private static final long serialVersionUID = 1L;
                };
            }
        };
    }

    /** Without it the models keep what they do not know in a map of additional properties. */
    private static final class NoAdditionalProperties extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated member) {
            return false;
        }
    }
}
