package dev.relais.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the console's addresses answer, to whom, and to how many: {@link ConsoleIT} shows it in a browser. */
class ConsoleHttpIT {
    @TempDir
    static Path temporary;

    private static Path functions;
    private static PackagedGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        functions = PackagedGateway.functions(Map.of("hello.php", "<?php echo 'hello';"));
        Path token = Files.writeString(temporary.resolve("token"), "s3cret"); // which nobody needs who only reads
        gateway = PackagedGateway.start(functions, Map.of("relais.management.token-file", token.toString()))
                .ready();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    private static String path(String rest) {
        return "/q/relais/console" + rest;
    }

    private static Answer get(String path) throws Exception {
        try (RawClient client = RawClient.connect(gateway.management)) {
            return client.get(path).answer();
        }
    }

    @Test
    void requestsAreLookedUpAsJsonByWhoeverMayReadThePort() throws Exception {
        try (RawClient client = RawClient.connect(gateway.port)) {
            String[] head = {"GET /api/none HTTP/1.1", "Host: localhost", "X-Request-Id: none-4711"};
            assertEquals(404, client.head(head).answer().status());
        }
        Answer answer = get("/q/relais/requests?id=none-4711");
        assertEquals(200, answer.status());
        JsonObject found =
                new JsonObject(answer.text()).getJsonArray("requests").getJsonObject(0);
        assertEquals(404, found.getInteger("status"));
        assertEquals("relais", found.getString("source"));
        assertEquals("none-4711", found.getString("id"));
        assertEquals(-1, found.getInteger("worker"));
        assertEquals(400, get("/q/relais/requests").status());
        assertEquals(
                0,
                new JsonObject(get("/q/relais/requests?id=none-471").text())
                        .getJsonArray("requests")
                        .size());
        try (RawClient client = RawClient.connect(gateway.management)) {
            String[] head = {"GET /q/relais/requests?id=none-4711 HTTP/1.1", "Host: evil.example"};
            assertEquals(403, client.head(head).answer().status());
        }
    }

    @Test
    void onlyTheFilesOfThePageAreThereAndNothingMayRunFromElsewhere() throws Exception {
        Answer html = get(path(""));
        assertEquals(200, html.status());
        assertTrue(html.header("Content-Security-Policy").startsWith("default-src 'none'; script-src 'self';"));
        assertEquals("nosniff", html.header("X-Content-Type-Options"));
        assertFalse(html.text().contains("style="), "no inline style");
        assertFalse(html.text().matches("(?s).*<script[^>]*>[^<]+.*"), "no inline script");
        for (String file : List.of("/console.css", "/main.js", "/icon.svg")) {
            assertEquals(200, get(path(file)).status(), file);
        }
        for (String file : List.of("/console.html", "/ConsolePage.class", "/..%2fconsole%2fmain.js", "/none.js")) {
            assertEquals(404, get(path(file)).status(), file);
        }
        assertEquals("../console", get(path("/")).header("Location"));
        for (String[] fields :
                List.of(new String[] {"evil.example", "none"}, new String[] {"localhost", "cross-site"})) {
            try (RawClient client = RawClient.connect(gateway.management)) {
                String[] head = {
                    "GET " + path("/events") + " HTTP/1.1", "Host: " + fields[0], "Sec-Fetch-Site: " + fields[1]
                };
                assertEquals(403, client.head(head).answer().status(), fields[0]);
            }
        }
    }

    @Test
    void theSixtyFifthViewerIsRefusedAndAllAreEndedAtTheStop() throws Exception {
        List<RawClient> viewers = new ArrayList<>();
        try (PackagedGateway other = PackagedGateway.start(functions, Map.of()).ready()) {
            for (int i = 0; i < 64; i++) {
                RawClient viewer = RawClient.connect(other.management);
                viewers.add(viewer);
                viewer.get(path("/events"));
                assertEquals(200, viewer.answerHead().status());
            }
            try (RawClient late = RawClient.connect(other.management)) {
                assertEquals(503, late.get(path("/events")).answer().status());
            }
            other.term();
            assertEquals(0, other.exitCode());
        } finally {
            for (RawClient viewer : viewers) {
                viewer.close();
            }
        }
    }
}
