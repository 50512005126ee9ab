package dev.relais.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/** Receives spans by OTLP over HTTP, as a collector does, and keeps them. Any thread. */
public final class SpanReceiver implements AutoCloseable {
    private final HttpServer server;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final List<Map<String, List<String>>> heads = new CopyOnWriteArrayList<>();

    /**
     * A span.
     *
     * @param parentId empty for none
     * @param attributes their values as text
     * @param service the attributes of the resource
     */
    public record Received(
            String traceId,
            String spanId,
            String parentId,
            String name,
            String kind,
            String state,
            boolean error,
            long start,
            long end,
            Map<String, String> attributes,
            Map<String, String> service) {
        public String get(String attribute) {
            return attributes.get(attribute);
        }
    }

    /** @param port 0 for any */
    public SpanReceiver(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** All spans so far. */
    public List<Received> all() {
        return received;
    }

    public List<Received> of(String traceId) {
        return received.stream().filter(span -> span.traceId().equals(traceId)).toList();
    }

    /** The fields of the requests so far. */
    public List<Map<String, List<String>>> heads() {
        return heads;
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream body = exchange.getRequestBody()) {
            heads.add(exchange.getRequestHeaders());
            boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            ExportTraceServiceRequest request =
                    ExportTraceServiceRequest.parseFrom(zipped ? new GZIPInputStream(body) : body);
            List<Received> spans = new ArrayList<>();
            for (ResourceSpans resource : request.getResourceSpansList()) {
                Map<String, String> service = texts(resource.getResource().getAttributesList());
                for (ScopeSpans scope : resource.getScopeSpansList()) {
                    scope.getSpansList().forEach(span -> spans.add(read(span, service)));
                }
            }
            received.addAll(spans); // at once, so that whoever sees a request's span also sees those below it
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static Received read(Span span, Map<String, String> service) {
        HexFormat hex = HexFormat.of();
        return new Received(
                hex.formatHex(span.getTraceId().toByteArray()),
                hex.formatHex(span.getSpanId().toByteArray()),
                hex.formatHex(span.getParentSpanId().toByteArray()),
                span.getName(),
                span.getKind().name().replace("SPAN_KIND_", ""),
                span.getTraceState(),
                span.getStatus().getCodeValue() == 2,
                span.getStartTimeUnixNano(),
                span.getEndTimeUnixNano(),
                texts(span.getAttributesList()),
                service);
    }

    private static Map<String, String> texts(List<KeyValue> attributes) {
        Map<String, String> texts = new TreeMap<>();
        attributes.forEach(attribute -> texts.put(attribute.getKey(), text(attribute.getValue())));
        return texts;
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case INT_VALUE -> Long.toString(value.getIntValue());
            case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
            default -> value.toString();
        };
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
