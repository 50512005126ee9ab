package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Attempts;
import dev.relais.testing.Http2Client;
import dev.relais.testing.Http2Stream;
import dev.relais.testing.Patience;
import dev.relais.testing.Pauses;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 without TLS, with real clients and with one that breaks rules; and pipelining in HTTP/1.1. */
class Http2IT {
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final int PROTOCOL_ERROR = 1;

    private static final Map<String, String> SCRIPTS = Map.of(
            "env.php", "<?php echo $_SERVER['SERVER_PROTOCOL'], ' ', $_SERVER['HTTP_HOST'], ' ', $_GET['n'] ?? '';",
            "port.php", "<?php usleep(1000); echo $_SERVER['REMOTE_PORT'];",
            "hop.php",
                    "<?php foreach (['Connection: x', 'Keep-Alive: 5', 'Transfer-Encoding: gzip', 'Upgrade: h2c',"
                            + " 'X-Kept: 1'] as $field) header($field); echo 'hop';",
            "short.php", "<?php header('Content-Length: 2000000'); echo str_repeat('x', 1000000);",
            "large.php", "<?php for ($i = 0; $i < 200; $i++) echo str_repeat('x', 1 << 20);",
            "endless.php", "<?php ob_end_flush(); while (true) { echo str_repeat('x', 1000); flush(); usleep(1000); }",
            "held.php",
                    "<?php file_put_contents($_GET['side'] . '/running', (string) getmypid());"
                            + " while (is_dir($_GET['side']) && !file_exists($_GET['side'] . '/gate'))"
                            + " { clearstatcache(); usleep(2000); } echo 'held';",
            "sleep.php", "<?php usleep($_GET['ms'] * 1000); echo 'slept';");

    private static PackagedGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = PackagedGateway.start(
                        PackagedGateway.functions(SCRIPTS),
                        Map.of("relais.http.h2c-upgrade", "true", "relais.http.idle-timeout", "2s"))
                .ready();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    private static String url(String path) {
        return "http://localhost:" + gateway.port + path;
    }

    /** A client that uses HTTP/2 by upgrade, as Java's does without TLS. */
    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    }

    private static HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create(url(path))).build();
    }

    @Test
    void curlGetsHttp2ByPriorKnowledgeAndByUpgrade() throws Exception {
        String answer = "HTTP/2.0 localhost:" + gateway.port + " ";
        assertEquals(
                answer, Curl.run("--http2-prior-knowledge", url("/api/env")).output());
        Curl upgraded = Curl.run("--http2", "-i", url("/api/env"));
        assertTrue(upgraded.output().startsWith("HTTP/1.1 101 "), upgraded.output());
        assertTrue(upgraded.has(answer), upgraded.output());
        assertTrue(Curl.run("--http1.1", url("/api/env")).output().startsWith("HTTP/1.1 "));
    }

    private static final String UPGRADE = " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n"
            + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";

    /** The body would bypass HTTP/2's flow control, and {@code Expect} would get no answer. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 3\r\n", "Content-Length: 3\r\nExpect: 100-continue\r\n"})
    void aRequestWithABodyIsNotUpgraded(String fields) throws Exception {
        try (RawClient client = RawClient.connect(gateway.port)) {
            client.send("POST /api/env" + UPGRADE + fields + "\r\n");
            if (fields.contains("Expect")) {
                assertEquals(100, client.answerHead().status());
            }
            Answer answer = client.send("abc").answer();
            assertEquals("HTTP/1.1 200 OK", answer.head().get(0));
        }
    }

    @Test
    void theIdleTimeEndsAnUpgradedConnection() throws Exception {
        try (RawClient client = RawClient.connect(gateway.port)) {
            assertEquals(
                    101,
                    client.send("GET /api/env" + UPGRADE + "\r\n").answerHead().status());
            client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").send(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
            while (client.read() >= 0) {
                // its answer, and then the end
            }
        }
    }

    @Test
    void manyStreamsShareOneConnection() throws Exception {
        Attempts.untilProved(Http2IT::areOnOneConnection);
    }

    /** @return false when the test paused, so that the idle time may have ended the connection between its requests */
    private static boolean areOnOneConnection() throws Exception {
        HttpClient client = client();
        Set<String> ports = ConcurrentHashMap.newKeySet();
        ports.add(client.send(request("/api/port"), BodyHandlers.ofString()).body());
        Pauses pauses = new Pauses();
        CompletableFuture<?>[] all = new CompletableFuture<?>[100];
        for (int i = 0; i < all.length; i++) {
            all[i] = client.sendAsync(request("/api/port"), BodyHandlers.ofString())
                    .thenAccept(answer -> ports.add(answer.body()));
            pauses.step();
        }
        // The client sends on threads of its own, which have done so for one of them when that is answered.
        CompletableFuture.anyOf(all).handle((answer, failure) -> true).get();
        pauses.step();
        try {
            CompletableFuture.allOf(all).get();
            assertEquals(1, ports.size(), ports::toString);
            return true;
        } catch (ExecutionException | AssertionError e) {
            if (pauses.exceed(Duration.ofSeconds(1))) { // half of the idle time
                return false;
            }
            throw e;
        }
    }

    @Test
    void connectionFieldsOfAFunctionStayInside() throws Exception {
        Curl answer = Curl.run("--http2-prior-knowledge", "-i", url("/api/hop"));
        assertTrue(answer.has("x-kept: 1"), answer.output());
        for (String name : Set.of("connection", "keep-alive", "transfer-encoding", "upgrade")) {
            assertFalse(answer.output().contains(name + ":"), answer.output());
        }
    }

    @Test
    void aSlowReaderHoldsBackItsStreamAndNoOther() throws Exception {
        HttpClient client = client();
        client.send(request("/api/env"), BodyHandlers.discarding());
        try (InputStream large =
                client.send(request("/api/large"), BodyHandlers.ofInputStream()).body()) {
            HttpResponse<String> other = client.send(request("/api/env"), BodyHandlers.ofString());
            assertEquals(HttpClient.Version.HTTP_2, other.version());
            long length = 0;
            byte[] buffer = new byte[1 << 16];
            for (int read; (read = large.read(buffer)) >= 0; ) {
                length += read;
            }
            assertEquals(200L << 20, length); // more than the gateway's heap
        }
    }

    @Test
    void aCancelledStreamEndsItsFunctionAndNoOther() throws Exception {
        HttpClient client = client();
        client.send(request("/api/env"), BodyHandlers.discarding());
        client.send(request("/api/endless"), BodyHandlers.ofInputStream())
                .body()
                .close();
        await().until(() -> !isBusy());
        assertEquals(
                200, client.send(request("/api/env"), BodyHandlers.ofString()).statusCode());
    }

    private static boolean isBusy() throws Exception {
        return Curl.run("http://localhost:" + gateway.management + "/q/metrics")
                .output()
                .lines()
                .anyMatch(line -> line.startsWith("relais_worker_children_busy{") && !line.endsWith(" 0.0"));
    }

    @Test
    void aBrokenAnswerResetsItsStreamWithAnError() throws Exception {
        Curl broken = Curl.run("--http2-prior-knowledge", url("/api/short"));
        assertEquals(92, broken.exitCode(), broken.output());
        assertTrue(broken.output().contains("INTERNAL_ERROR"), broken.output());
    }

    @Test
    void saysItsLimits() throws Exception {
        try (Http2Wire wire = new Http2Wire(gateway.port)) {
            Http2Wire.Frame settings = wire.await(Http2Wire.SETTINGS);
            int streams = 0;
            int headers = 0;
            while (settings.payload().hasRemaining()) {
                int id = settings.payload().getShort();
                int value = settings.payload().getInt();
                streams = id == 3 ? value : streams;
                headers = id == 6 ? value : headers;
            }
            assertEquals(128, streams);
            assertEquals(32_768, headers);
        }
    }

    /** CVE-2023-44487. */
    @Test
    void rapidResetsEndTheConnection() throws Exception {
        try (Http2Wire wire = new Http2Wire(gateway.port)) {
            wire.hold();
            for (int stream = 1; stream < 600; stream += 2) {
                wire.get(stream, "/api/env");
                wire.send(Http2Wire.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
            }
            wire.sendHeld();
            assertEquals(
                    ENHANCE_YOUR_CALM, wire.await(Http2Wire.GOAWAY).payload().getInt(4));
        }
        assertEquals(200, gateway.get("/api/env"));
    }

    @Test
    void refusesConnectionFieldsInARequest() throws Exception {
        try (Http2Wire wire = new Http2Wire(gateway.port)) {
            wire.get(1, "/api/env", "transfer-encoding", "chunked");
            assertEquals(
                    PROTOCOL_ERROR, wire.await(Http2Wire.RST_STREAM).payload().getInt());
            wire.get(3, "/api/env");
            assertEquals(3, wire.await(Http2Wire.DATA).stream());
        }
    }

    /**
     * Heads that HTTP/1.1 refuses too, see {@link HostileInputIT}: the status, and the pseudo header fields and fields of a
     * head.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "400|:method|GE T|:scheme|http|:path|/api/env|:authority|a",
                "400|:method|GET / HTTP/1.1\r\nx: y|:scheme|http|:path|/api/env|:authority|a",
                "400|:method|get|:scheme|http|:path|/api/env|:authority|a",
                "405|:method|CONNECT|:authority|a:443",
                "405|:method|CONNECT|:scheme|http|:path|/api/env|:authority|a|:protocol|websocket",
                "405|:method|TRACE|:scheme|http|:path|/api/env|:authority|a",
                "400|:method|GET|:scheme|http|:path|/api/env|host|a|host|b",
                "400|:method|GET|:scheme|http|:path|/api/env|host|a|host|a",
                "400|:method|GET|:scheme|http|:path|/api/env|:authority|a|host|a|host|a",
                "400|:method|GET|:scheme|http|:path|/api/env",
                "400|:method|GET|:scheme|http|:path|/api/env|:authority|a b",
                "400|:method|GET|:scheme|http|:path|/api/env|:authority|u@a",
                "400|:method|GET|:scheme|http|:path|/api/env|host|a/b",
                "400|:method|GET|:scheme|ftp|:path|/api/env|:authority|a",
                "400|:method|GET|:scheme|http://evil/?|:path|/api/env|:authority|a",
                "400|:method|GET|:scheme|http|:path|/api/env|:authority|a|x(y)|1",
                "400|:method|GET|:scheme|http|:path|/api/env|:authority|a|x|1\0012",
                "400|:method|GET|:scheme|http|:path|/api/env|:authority|a|x|1\r\ny: 2",
            })
    void aMalformedHeadIsRefusedAndTheOtherStreamsGoOn(String statusAndHead) throws Exception {
        String[] head = statusAndHead.split("\\|");
        try (Http2Client client = Http2Client.connect(gateway.port)) {
            Http2Stream other = client.stream();
            other.get("/api/sleep?ms=100");
            Http2Stream refused = client.stream();
            Answer answer = refused.beginWith(true, Arrays.copyOfRange(head, 1, head.length))
                    .answer();

            assertEquals(Integer.parseInt(head[0]), answer.status());
            assertEquals("application/problem+json", answer.header("Content-Type"));
            assertEquals("slept", other.answer().text());
            assertEquals(200, refused.get("/api/env").answer().status());
        }
    }

    @Test
    void aSchemeIsWrittenInAnyCase() throws Exception {
        try (Http2Client client = Http2Client.connect(gateway.port)) {
            for (String scheme : List.of("https", "HTTP")) {
                Http2Stream stream = client.stream();
                stream.beginWith(true, ":method", "GET", ":scheme", scheme, ":path", "/api/env", "host", "a");
                assertEquals(200, stream.answer().status());
            }
        }
    }

    /** One of two hosts would vanish in the change of the protocol. */
    @Test
    void anUpgradeWithTwoHostsIsRefused() throws Exception {
        try (RawClient client = RawClient.connect(gateway.port)) {
            assertEquals(
                    400,
                    client.send("GET /api/env" + UPGRADE.replace("Host:", "Host: b\r\nHost:") + "\r\n")
                            .answer()
                            .status());
        }
    }

    @Test
    void sigtermSaysGoAwayAndServesWhatIsUnderWay() throws Exception {
        try (Side side = new Side();
                PackagedGateway own = PackagedGateway.start(PackagedGateway.functions(SCRIPTS), Map.of())
                        .ready();
                Http2Wire wire = new Http2Wire(own.port)) {
            wire.get(1, "/api/held?" + side.query());
            side.await("running");
            own.term();
            await().until(() -> PackagedGateway.status(own.management, "/q/health/ready") == 503);
            side.open("gate");
            assertEquals(
                    Integer.MAX_VALUE, wire.await(Http2Wire.GOAWAY).payload().getInt());
            assertEquals("held", text(wire.await(Http2Wire.DATA)));
            wire.awaitEnd();
            assertEquals(0, own.exitCode());
        }
    }

    private static String text(Http2Wire.Frame frame) {
        return StandardCharsets.US_ASCII.decode(frame.payload()).toString();
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port)) {
            socket.setSoTimeout(1_000 * Patience.SECONDS);
            String get = "GET /api/%s HTTP/1.1\r\nHost: a\r\n\r\n";
            String post = "POST /api/env?n=3 HTTP/1.1\r\nHost: c\r\nContent-Length: 4\r\n\r\nGET ";
            String last = "GET /api/env?n=4 HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n";
            socket.getOutputStream()
                    .write((get.formatted("sleep?ms=300") + get.formatted("env?n=2") + post + last)
                            .getBytes(StandardCharsets.US_ASCII));
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertEquals(
                    "slept|HTTP/1.1 a 2|HTTP/1.1 c 3|HTTP/1.1 d 4",
                    String.join(
                            "|",
                            answers.replaceAll("(?s)HTTP/1.1 200 .*?\r\n\r\n", "|")
                                    .substring(1)
                                    .split("\\|")));
        }
    }
}
