package dev.relais.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.RawClient;
import dev.relais.testing.SpanReceiver;
import dev.relais.testing.SpanReceiver.Received;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spans of a process: that it is able to make them, that none is lost at its stop, and that it is held up by no receiver. */
class TracingIT {
    private static final Map<String, String> SCRIPTS =
            Map.of("hello.php", "<?php echo $_SERVER['HTTP_TRACEPARENT'] ?? 'none';");

    @TempDir
    Path folder;

    private static PackagedGateway start(int receiver, String buffer) throws IOException {
        return PackagedGateway.start(
                        PackagedGateway.functions(SCRIPTS),
                        Map.of(
                                "relais.tracing.endpoint",
                                "http://127.0.0.1:" + receiver,
                                "relais.tracing.ratio",
                                "1",
                                "relais.tracing.buffer",
                                buffer))
                .ready();
    }

    private static String hello(PackagedGateway gateway) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port)) {
            return client.get("/api/hello").answer().text();
        }
    }

    @Test
    void theLastSpansAreSentAtTheStop() throws Exception {
        try (SpanReceiver receiver = new SpanReceiver(0);
                PackagedGateway gateway = start(receiver.port(), "4096")) {
            String told = hello(gateway);
            gateway.term();
            assertEquals(0, gateway.exitCode());
            List<Received> spans = receiver.of(told.substring(3, 35));
            assertTrue(spans.stream().anyMatch(span -> span.name().equals("GET /api/hello")), spans::toString);
            assertTrue(spans.stream().anyMatch(span -> told.contains(span.spanId())), spans::toString);
        }
    }

    @Test
    void aReceiverThatGivesNoAnswerHoldsUpNeitherRequestsNorTheStop() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
                PackagedGateway gateway = start(silent.getLocalPort(), "16")) {
            for (int i = 0; i < 50; i++) {
                assertTrue(hello(gateway).startsWith("00-"));
            }
            try (RawClient client = RawClient.connect(gateway.management)) {
                String dropped = "relais_tracing_spans_dropped_total{reason=\"buffer\"} ";
                double count = client.get("/q/metrics")
                        .answer()
                        .text()
                        .lines()
                        .filter(line -> line.startsWith(dropped))
                        .mapToDouble(line -> Double.parseDouble(line.substring(dropped.length())))
                        .sum();
                assertTrue(count >= 100, "dropped: " + count);
            }
            gateway.term();
            assertEquals(0, gateway.exitCode());
        }
    }

    @Test
    void withoutAReceiverNoClassThatMakesOrSendsSpansIsLoaded() throws Exception {
        PackagedGateway.assumeJvm("an executable loads no classes");
        Path classes = folder.resolve("classes");
        try (PackagedGateway gateway = PackagedGateway.start(
                        PackagedGateway.launcher(),
                        List.of("-Xmx128m", "-Xlog:class+load:file=" + classes),
                        PackagedGateway.functions(SCRIPTS),
                        Map.of())
                .ready()) {
            assertEquals("none", hello(gateway));
            gateway.term();
            assertEquals(0, gateway.exitCode());
        }
        List<String> loaded = Files.readAllLines(classes).stream()
                .filter(line -> line.matches(".*] io\\.opentelemetry\\.(sdk|exporter)\\..*"))
                .toList();
        assertEquals(List.of(), loaded);
    }
}
