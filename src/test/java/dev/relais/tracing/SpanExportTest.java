package dev.relais.tracing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import dev.relais.http.TraceParent;
import dev.relais.telemetry.Meters;
import dev.relais.telemetry.Timeline;
import dev.relais.testing.FreePorts;
import dev.relais.testing.SpanReceiver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The way of spans into a receiver, by the exporter as it is. */
class SpanExportTest implements Timeline.Request {
    private static final TraceParent OWN =
            new TraceParent("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true);

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private SpanExport to(String endpoint) {
        TracingConfig config = new SmallRyeConfigBuilder()
                .withMapping(TracingConfig.class)
                .withConverter(Duration.class, 100, new DurationConverter())
                .withDefaultValues(Map.of(
                        "relais.tracing.endpoint",
                        endpoint,
                        "relais.tracing.headers",
                        "Authorization=Basic abc=, x-b=2",
                        "relais.tracing.service",
                        "shop",
                        "relais.tracing.timeout",
                        "30s"))
                .build()
                .getConfigMapping(TracingConfig.class);
        TracingConfig.check(config);
        SpanExport export = SpanExport.to(config, Meters.ofTracing(registry), vertx, "1.2", InstantSource.system());
        export.queue().start();
        Timeline timeline = new Timeline(this, 0);
        timeline.end(200, 0, 5, 1_000_000);
        export.queue().offer(export.spans().of(new RequestTrace(OWN, null, null), timeline));
        return export;
    }

    private double dropped() {
        return registry.get("relais.tracing.spans.dropped")
                .tag("reason", "send")
                .counter()
                .count();
    }

    @AfterEach
    void end() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:4318/v1?token=s3cret",
                "http://127.0.0.1:4318/v1#s3cret",
                "http://user:s3cret@127.0.0.1:4318/?a=b@c",
                "http://127.0.0.1:4318/ ?token=s3cret"
            })
    void anAddressThatIsRefusedIsNotToldWithItsSecrets(String endpoint) {
        String told =
                assertThrows(ConfigurationProblem.class, () -> to(endpoint)).getMessage();

        assertFalse(told.contains("s3cret"), told);
        assertTrue(told.startsWith("relais.tracing.endpoint=http://"), told);
    }

    @Test
    void aSpanArrivesWithWhatIsSet() throws IOException {
        try (SpanReceiver receiver = new SpanReceiver(0)) {
            to("http://127.0.0.1:" + receiver.port());
            await().until(() -> receiver.all().size() == 1);
            SpanReceiver.Received span = receiver.all().get(0);
            assertEquals(OWN.traceId(), span.traceId());
            assertEquals(OWN.spanId(), span.spanId());
            assertEquals("", span.parentId());
            assertEquals("GET", span.name());
            assertEquals("SERVER", span.kind());
            assertEquals(1_000_000, span.end() - span.start());
            assertEquals("https", span.get("url.scheme"));
            assertEquals("shop", span.service().get("service.name"));
            assertEquals("1.2", span.service().get("service.version"));
            assertEquals("opentelemetry", span.service().get("telemetry.sdk.name"));
            Map<String, List<String>> head = receiver.heads().get(0);
            assertEquals("Basic abc=", head.get("Authorization").get(0));
            assertEquals("2", head.get("X-b").get(0));
            assertEquals(0, dropped());
        }
    }

    @Test
    void whatNobodyTakesIsCounted() throws IOException {
        to("http://127.0.0.1:" + FreePorts.next());
        await().until(() -> dropped() == 1);
    }

    @Test
    void aReceiverThatRefusesHasNotTakenThem() throws IOException {
        try (SpanReceiver receiver = new SpanReceiver(0)) {
            to("http://127.0.0.1:" + receiver.port() + "/elsewhere"); // 404
            await().until(() -> dropped() == 1);
            assertTrue(receiver.all().isEmpty());
        }
    }

    @Override
    public String clientAddress() {
        return "192.0.2.7";
    }

    @Override
    public String id() {
        return "id";
    }

    @Override
    public String scheme() {
        return "https";
    }

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public String target() {
        return "/";
    }

    @Override
    public String protocol() {
        return "HTTP/2.0";
    }

    @Override
    public String field(String name) {
        return null;
    }
}
