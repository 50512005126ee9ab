package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.OrcaReports;
import dev.relais.testing.RawClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One of several gateways behind a load balancer, with one child. */
class PodsIT {
    private static final String FIELD = "endpoint-load-metrics";

    private static Path running; // the function `busy` runs while this file exists
    private static PackagedGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        Path folder = Files.createTempDirectory("relais-pods-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        running = folder.resolve("running");
        gateway = PackagedGateway.start(
                        PackagedGateway.functions(Map.of(
                                "hello.php",
                                "<?php echo 'hello';",
                                "busy.php",
                                "<?php do { usleep(10000); clearstatcache(); } while (file_exists('" + running
                                        + "'));")),
                        Map.of(
                                "relais.workers.count", "1",
                                "relais.workers.children", "1",
                                "relais.queue.max-wait", "5m",
                                "relais.http.trusted-proxies", "127.0.0.1",
                                "relais.http.load-report", "json",
                                "relais.health.saturated-for", "1s"))
                .ready();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        Files.deleteIfExists(running);
        Files.delete(running.getParent());
    }

    private static Answer ask(String from, String... fields) throws Exception {
        try (RawClient client = RawClient.connectFrom(from, gateway.port)) {
            String[] head = new String[fields.length + 2];
            head[0] = "GET /api/hello HTTP/1.1";
            head[1] = "Host: localhost";
            System.arraycopy(fields, 0, head, 2, fields.length);
            return client.head(head).answer();
        }
    }

    @Test
    void aTrustedPeerIsToldWithEachAnswerThoughItDoesNotAsk() throws Exception {
        String report = ask("127.0.0.1").header(FIELD);
        assertTrue(report.startsWith("JSON {"), report);
        OrcaReports.parse(report);
        assertTrue(ask("127.0.0.1", FIELD + "-format: text").header(FIELD).startsWith("TEXT "));
    }

    @Test
    void aStrangerIsNot() throws Exception {
        assertNull(ask("127.0.0.2").header(FIELD));
        assertNull(ask("127.0.0.2", FIELD + "-format: text").header(FIELD));
    }

    private static boolean isReady() throws Exception {
        return Curl.run(
                        "-o",
                        "/dev/null",
                        "-w",
                        "%{http_code}",
                        "http://127.0.0.1:" + gateway.management + "/q/health/ready")
                .output()
                .equals("200");
    }

    @Test
    void aSaturatedGatewayIsAwayForAWhileAndBackWhenItIsNot() throws Exception {
        assertTrue(isReady());
        Files.createFile(running);
        try (RawClient busy = RawClient.connect(gateway.port);
                RawClient waiting = RawClient.connect(gateway.port)) {
            busy.get("/api/busy");
            waiting.get("/api/busy");
            await("away").until(() -> !isReady());
            await("back though it is saturated, for the others may be, too").until(PodsIT::isReady);
            Files.delete(running);
            assertEquals(200, busy.answer().status());
            assertEquals(200, waiting.answer().status());
        }
        await("back").until(PodsIT::isReady);
    }
}
