package dev.relais.tracing;

import dev.relais.telemetry.TracingMeters;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.exporter.internal.http.HttpExporter;
import io.opentelemetry.sdk.common.InternalTelemetryVersion;
import io.opentelemetry.sdk.internal.ComponentId;
import io.opentelemetry.sdk.internal.StandardComponentId.ExporterType;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.quarkus.opentelemetry.runtime.exporter.otlp.sender.VertxHttpSender;
import io.quarkus.opentelemetry.runtime.exporter.otlp.tracing.VertxHttpSpanExporter;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;

/**
 * What makes spans, and the queue out of which they are sent: by the exporter of Quarkus' extension, which uses the event loops that are there.
 *
 * @param spans makes them
 * @param queue takes them
 */
record SpanExport(RequestSpans spans, SpanQueue queue) {
    private static final String PROTOBUF = "application/x-protobuf";

    /** @param version of Relais */
    static SpanExport to(TracingConfig config, TracingMeters meters, Vertx vertx, String version, InstantSource clock) {
        URI receiver = OtlpAddress.of(config.endpoint().orElseThrow());
        Map<String, String> fields = config.headers().map(OtlpAddress::fields).orElse(Map.of());
        VertxHttpSender sender = new VertxHttpSender(
                receiver,
                VertxHttpSender.TRACES_PATH,
                false, // to compress a batch would keep an event loop for longer than to encode it
                config.timeout(),
                fields,
                PROTOBUF,
                options -> connect(options, receiver, config),
                vertx);
        SpanExporter exporter = new VertxHttpSpanExporter(new HttpExporter<>(
                ComponentId.generateLazy(ExporterType.OTLP_HTTP_SPAN_EXPORTER),
                sender,
                MeterProvider::noop,
                InternalTelemetryVersion.LATEST,
                receiver.toString()));
        return new SpanExport(
                new RequestSpans(SpanSource.of(config.service(), version), clock),
                new SpanQueue(exporter, vertx, config.buffer(), meters));
    }

    private static void connect(HttpClientOptions options, URI receiver, TracingConfig config) {
        options.setConnectTimeout((int) config.timeout().toMillis());
        options.setMaxPoolSize(1); // one batch is sent at a time
        if ("https".equals(receiver.getScheme())) {
            options.setSsl(true).setVerifyHost(true);
        }
    }
}
