package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What any client may send, byte by byte. {@code src/bench/hostile} has more of it, compared with nginx. */
class HostileInputIT {
    private static Path functions;
    private static PackagedGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        Map<String, String> scripts = Map.of(
                "show.php",
                "<?php echo json_encode($_SERVER + ['body' => file_get_contents('php://input')]);",
                "large.php",
                "<?php for ($i = 0; $i < 64; $i++) echo str_repeat('x', 1 << 20);");
        Map<String, String> settings = Map.of(
                "relais.http.head-timeout", "700ms",
                "relais.http.idle-timeout", "20s",
                "relais.http.body-timeout", "700ms",
                "relais.http.write-timeout", "700ms",
                "relais.http.max-connections", "20");
        functions = PackagedGateway.functions(scripts);
        gateway = PackagedGateway.start(functions, settings).ready();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        Side.delete(functions);
    }

    private static RawClient connect() throws IOException {
        return RawClient.connect(gateway.port);
    }

    @Test
    void anUpgradeToHttp2InClearIsAnsweredInHttp1() throws Exception {
        try (RawClient client = connect()) {
            Answer answer = client.head(
                            "GET /api/show HTTP/1.1",
                            "Host: a",
                            "Connection: Upgrade, HTTP2-Settings",
                            "Upgrade: h2c",
                            "HTTP2-Settings: AAMAAABkAAQAAP__")
                    .answer();
            assertEquals("HTTP/1.1 200 OK", answer.head().get(0));
            assertEquals(200, client.get("/api/show").answer().status(), "the connection goes on in HTTP/1.1");
        }
    }

    /** The status and the input, in which {@code |} stands for CRLF, so that a bare CR or LF can be written as it is. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                // fields
                "400;GET /api/show HTTP/1.1|Host: a|X-A : 1||",
                "400;GET /api/show HTTP/1.1|Host: a|X-A||",
                "400;GET /api/show HTTP/1.1|Host: a|: 1||",
                "400;GET /api/show HTTP/1.1|Host: a|X-A: 1\rX-B: 2||",
                "400;GET /api/show HTTP/1.1|Host: a|X-A: 1\0002||",
                "400;GET /api/show HTTP/1.1|Host: a|Host: b||",
                "400;GET /api/show HTTP/1.1||",
                "400;GET /api/show HTTP/1.1|Host: a b||",
                "400;GET /api/show HTTP/1.0|Host: a/b@c||",
                "400;GET http://a<b>/api/show HTTP/1.1|Host: a||",
                // framing
                "400;POST /api/show HTTP/1.1|Host: a|Content-Length: 4|Transfer-Encoding: chunked||0||",
                "400;POST /api/show HTTP/1.1|Host: a|Content-Length: 4|Content-Length: 5||abcde",
                "400;POST /api/show HTTP/1.1|Host: a|Content-Length: 4|Content-Length: 4||abcd",
                "400;POST /api/show HTTP/1.1|Host: a|Content-Length: 4, 4||abcd",
                "400;POST /api/show HTTP/1.1|Host: a|Content-Length: +4||abcd",
                "400;GET /api/show HTTP/1.1\nHost: a\n\n",
                "400;GET /api/show HTTP/1.1|Host: a\nX-A: 1||",
                "501;POST /api/show HTTP/1.1|Host: a|Transfer-Encoding: xchunked||GET / HTTP/1.1|Host: a||",
                "501;POST /api/show HTTP/1.1|Host: a|Transfer-Encoding: identity||",
                "501;POST /api/show HTTP/1.1|Host: a|Transfer-Encoding: gzip, chunked||0||",
                "501;POST /api/show HTTP/1.1|Host: a|Transfer-Encoding: chunked|Transfer-Encoding: chunked||0||",
                "400;POST /api/show HTTP/1.0|Host: a|Transfer-Encoding: chunked||0||",
                "400;POST /api/show HTTP/1.1|Host: a|Transfer-Encoding: chunked||zz|abcd|0||",
                "400;POST /api/show HTTP/1.1|Host: a|Transfer-Encoding: chunked||4|abcdef|0||",
                "400;POST /api/show HTTP/1.1|Host: a|Transfer-Encoding: chunked||4\nabcd|0||",
                // targets
                "400;GET /api/show%zz HTTP/1.1|Host: a||",
                "400;GET /api/show/%c0%ae%c0%ae HTTP/1.1|Host: a||",
                "400;GET * HTTP/1.1|Host: a||",
                "400;GET api/show HTTP/1.1|Host: a||",
                "400;GET /api/show/a b HTTP/1.1|Host: a||",
                // methods and versions
                "405;TRACE /api/show HTTP/1.1|Host: a||",
                "405;CONNECT a:443 HTTP/1.1|Host: a||",
                "400;get /api/show HTTP/1.1|Host: a||",
                "400;GET /api/show|",
                "505;GET /api/show HTTP/1.2|Host: a||",
                "505;GET /api/show HTTP/3.0|Host: a||",
            })
    void isRefusedWithAProblemAndTheConnectionEnds(String statusAndInput) throws IOException {
        int status = Integer.parseInt(statusAndInput.substring(0, 3));
        String input = statusAndInput.substring(4);
        try (RawClient client = connect()) {
            Answer answer = client.send(input.replace("|", "\r\n")).answer();

            assertEquals(status, answer.status());
            assertEquals("application/problem+json", answer.header("Content-Type"));
            assertEquals(status, JsonPath.from(answer.text()).getInt("status"));
            assertTrue(client.isEnded());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "x, Close", "close, x"})
    void aConnectionWhoseClientWantsItsEndEnds(String field) throws IOException {
        try (RawClient client = connect()) {
            client.head("GET /api/show HTTP/1.1", "Host: a", "Connection: " + field);
            client.get("/api/show");
            assertEquals("close", client.answer().header("Connection"));
            assertTrue(client.isEnded());
        }
    }

    /** The request behind the refused one comes with the same read, and must not run. */
    @Test
    void nothingRunsBehindARefusedHead() throws IOException {
        try (RawClient client = connect()) {
            client.send(("GET /api/show HTTP/1.1|Host: a||POST /api/show HTTP/1.1|Host: a|Transfer-Encoding: cow||"
                            + "GET /api/show HTTP/1.1|Host: a||")
                    .replace("|", "\r\n"));

            assertEquals(200, client.answer().status());
            assertEquals(501, client.answer().status());
            assertTrue(client.isEnded());
        }
    }

    @Test
    void aLineAndHeadersOverTheirLimitsAreRefusedWithAProblem() throws IOException {
        assertRefused(414, "GET /api/show?" + "x".repeat(20_000) + " HTTP/1.1");
        assertRefused(431, "GET /api/show HTTP/1.1", "Host: a", "X-A: " + "x".repeat(40_000));
        List<String> many = new ArrayList<>(List.of("GET /api/show HTTP/1.1", "Host: a"));
        for (int i = 0; i < 200; i++) {
            many.add("A: 1");
        }
        assertRefused(431, many.toArray(String[]::new));
    }

    private static void assertRefused(int status, String... lines) throws IOException {
        try (RawClient client = connect()) {
            Answer answer = client.head(lines).answer();
            assertEquals(status, answer.status());
            assertEquals("application/problem+json", answer.header("Content-Type"));
            assertTrue(client.isEnded());
        }
    }

    @Test
    void fieldsOfTheConnectionDoNotReachPhp() throws IOException {
        try (RawClient client = connect()) {
            Map<String, String> server = JsonPath.from(client.head(
                                    "GET /api/show HTTP/1.1",
                                    "Host: a",
                                    "Connection: keep-alive, x-hop",
                                    "X-Hop: 1",
                                    "Keep-Alive: timeout=5",
                                    "TE: trailers",
                                    "Upgrade: foo/2",
                                    "Proxy-Authorization: Basic eDp5",
                                    "Proxy: http://evil",
                                    "X-End: a",
                                    " b")
                            .answer()
                            .text())
                    .getMap("");

            for (String name :
                    List.of("CONNECTION", "X_HOP", "KEEP_ALIVE", "TE", "UPGRADE", "PROXY_AUTHORIZATION", "PROXY")) {
                assertNull(server.get("HTTP_" + name), name);
            }
            assertEquals("a b", server.get("HTTP_X_END"), "obs-fold is joined (RFC 9112 section 5.2)");
        }
    }

    @Test
    void whatUriParsersRefuseReachesPhp() throws IOException {
        try (RawClient client = connect()) {
            String query = "q={a|b}^`\"<>\\&r=%zz";
            Answer answer = client.get("/api/show?" + query).answer();
            assertEquals(query, JsonPath.from(answer.text()).getString("QUERY_STRING"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /api/sh", "GET /api/show HTTP/1.1\r\nX-A: ", "PRI * HTTP/2.0\r\n\r\n"})
    void aHeadThatDripsEnds(String start) throws Exception {
        try (RawClient client = connect()) {
            client.send(start);
            assertDripEnds(client);
        }
    }

    @Test
    void aBodyThatDripsEndsWith408() throws Exception {
        try (RawClient client = connect()) {
            client.head("POST /api/show HTTP/1.1", "Host: a", "Content-Length: 100000");
            try {
                drip(client);
            } catch (IOException reset) {
                // The gateway has closed the connection behind its answer, which is still there to be read.
            }
            assertEquals(408, client.answer().status());
        }
    }

    /** Sends a byte each 100 ms, which is progress but too slow. */
    private static void drip(RawClient client) throws Exception {
        for (int i = 0; i < 15; i++) {
            client.send("a");
            Thread.sleep(100); // the pace of this client
        }
    }

    private static void assertDripEnds(RawClient client) throws Exception {
        try {
            drip(client);
        } catch (IOException reset) {
            return;
        }
        assertTrue(client.isEnded());
    }

    @Test
    void aClientThatDoesNotReadIsClosed() throws Exception {
        double before = closedForWriting();
        try (RawClient client = RawClient.connect(gateway.port, 4096)) {
            client.get("/api/large");
            await().until(() -> closedForWriting() == before + 1); // it is the client's part not to do anything
            long read = 0;
            try {
                while (client.read() >= 0 && read < 64 << 20) {
                    read++;
                }
            } catch (IOException reset) {
                // as good as an end
            }
            assertTrue(read < 32 << 20, () -> "the whole answer was there");
        }
    }

    private static double closedForWriting() throws IOException {
        return new PackagedStatus(gateway).metric("relais_http_connections_closed_total{reason=\"write\"}");
    }

    @Test
    void connectionsOverTheLimitAreClosedAndProbesGetThrough() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                clients.add(connect());
            }
            try (RawClient over = connect()) {
                assertTrue(over.isEnded());
            }
            assertEquals(200, PackagedGateway.status(gateway.management, "/q/health/live"));
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        assertFalse(gateway.logWithoutStalls().contains("Exception"), gateway::log);
        // The next test can connect once the gateway has seen that these have gone.
        await().until(() -> new PackagedStatus(gateway).metric("relais_http_connections") < 10);
    }
}
