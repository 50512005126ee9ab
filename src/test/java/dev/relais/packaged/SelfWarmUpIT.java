package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Certificate;
import dev.relais.testing.FreePorts;
import dev.relais.testing.RawClient;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The gateway's own warm-up: it comes before readiness, and nobody sees more of it. */
class SelfWarmUpIT {
    /** For as long as a test looks on. */
    private static final String LONG = "60s";

    private static final Map<String, String> SCRIPTS = Map.of("hello.php", "<?php echo 'hello';");

    @BeforeAll
    static void onAJvm() {
        PackagedGateway.assumeJvm("it compiles nothing while it runs, so it does not warm up");
    }

    @Test
    void whatComesMeanwhileIsServedAndIsAllThatIsCounted() throws Exception {
        try (PackagedGateway gateway =
                PackagedGateway.start(PackagedGateway.functions(SCRIPTS), Map.of("relais.start.warm-up", LONG))) {
            await().until(() -> !gateway.isAlive() || gateway.get("/api/hello") == 200);
            assertEquals(503, PackagedGateway.status(gateway.management, "/q/health/ready"), gateway.log());
            assertTrue(answer(gateway, "/q/health/ready")
                    .getBoolean("checks.find { it.name == 'relais serving' }.data.warmingUp"));
            assertEquals(200, PackagedGateway.status(gateway.management, "/q/health/started"));
            await().until(() -> threads(gateway).contains("relais-warm-up-"));
            assertEquals(404, gateway.get("/api/warm-up"));

            PackagedStatus status = new PackagedStatus(gateway);
            // A request is counted after its answer, and the end of a connection when an event loop has seen it.
            await().untilAsserted(() -> {
                assertEquals(2, status.metric("relais_invocations_seconds_count"));
                assertEquals(1, status.metric("relais_worker_exchanges_total"));
                assertEquals(0, status.metric("relais_queue_wait_seconds_count"));
                assertTrue(status.metric("relais_http_connections") <= 2); // this scrape's, and a probe's
            });
            String metrics = text(gateway, "/q/metrics");
            assertFalse(metrics.contains("warm-up"), metrics);
            JsonPath page = status.page();
            assertFalse(page.prettify().contains("warm-up"), page.prettify());

            gateway.term();
            assertEquals(0, gateway.exitCode(), gateway.log());
        }
    }

    @Test
    void itEndsAndLeavesNothing() throws Exception {
        try (PackagedGateway gateway = PackagedGateway.start(
                        PackagedGateway.functions(SCRIPTS), Map.of("relais.start.warm-up", "2s"))
                .ready()) {
            awaitWarm(gateway);
            await().until(() -> !threads(gateway).contains("relais-warm-up"));
            assertEquals(200, gateway.get("/api/hello"));
        }
    }

    /** It has a server of its own, so that no way in which clients are served keeps it from running. */
    @Test
    void itNeedsNoneOfTheGatewaysPorts() throws Exception {
        Map<String, String> settings = new HashMap<>(Certificate.settings());
        settings.put("quarkus.http.insecure-requests", "disabled");
        settings.put("quarkus.http.ssl-port", Integer.toString(FreePorts.next()));
        settings.put("relais.http.trusted-proxies", "127.0.0.1");
        settings.put("quarkus.http.proxy.use-proxy-protocol", "true");
        settings.put("relais.recycle.requests", "1");
        settings.put("relais.start.warm-up", "2s");
        try (PackagedGateway gateway = PackagedGateway.start(PackagedGateway.functions(SCRIPTS), settings)
                .ready()) {
            assertTrue(gateway.isAlive(), gateway.log());
            awaitWarm(gateway);
        }
    }

    /** What is set for clients would refuse what it asks: it has settings of its own. */
    @Test
    void noLimitOfClientsRefusesIt() throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of(
                "relais.queue.capacity", "0",
                "relais.queue.max-wait", "1ms",
                "relais.http.max-body-size", "0",
                "relais.http.max-headers", "4", // those of a probe
                "relais.http.max-connections", "2",
                "relais.http.memory", "8M",
                "relais.http.body-memory", "0",
                "relais.http.spool-capacity", "0",
                "relais.poison.threshold", "1",
                "relais.functions.timeout", "1ms"));
        settings.put("relais.http.response-memory", "16K");
        settings.put("relais.http.response-buffer", "0");
        settings.put("relais.http.max-response-head", "1K");
        settings.put("relais.http.body-timeout", "10ms");
        settings.put("relais.start.warm-up", "2s");
        try (PackagedGateway gateway = PackagedGateway.start(PackagedGateway.functions(SCRIPTS), settings)
                .ready()) {
            awaitWarm(gateway);
        }
    }

    /** It has asked nothing yet. */
    @Test
    void itsShortestTimeIsKept() throws Exception {
        try (PackagedGateway gateway = PackagedGateway.start(
                        PackagedGateway.functions(SCRIPTS), Map.of("relais.start.warm-up", "1ms"))
                .ready()) {
            await().until(() -> gateway.log().contains("Gateway has not warmed up")
                    || gateway.log().contains("Gateway has warmed up"));
            await().until(() -> !threads(gateway).contains("relais-warm-up"));
            assertEquals(200, gateway.get("/api/hello"));
        }
    }

    /** It is ready when the time is over, and tells a moment later. */
    private static void awaitWarm(PackagedGateway gateway) throws IOException {
        await(gateway.log()).until(() -> gateway.log().contains("Gateway has warmed up: requests="));
        await().until(() -> !threads(gateway).contains("relais-warm-up"));
        assertFalse(gateway.log().contains("function=warm-up"), gateway.log());
    }

    private static JsonPath answer(PackagedGateway gateway, String path) throws IOException {
        return JsonPath.from(text(gateway, path));
    }

    private static String text(PackagedGateway gateway, String path) throws IOException {
        try (RawClient client = RawClient.connect(gateway.management)) {
            return client.get(path).answer().text();
        }
    }

    /** The names of the gateway's threads, as far as the kernel keeps them. */
    static String threads(PackagedGateway gateway) throws IOException {
        StringBuilder names = new StringBuilder();
        try (Stream<Path> tasks =
                Files.list(Path.of("/proc/" + gateway.process().pid() + "/task"))) {
            for (Path task : List.copyOf(tasks.toList())) {
                try {
                    names.append(Files.readString(task.resolve("comm")));
                } catch (IOException e) {
                    continue; // it has ended
                }
            }
        }
        return names.toString();
    }
}
