package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.relais.testing.Certificate;
import dev.relais.testing.FreePorts;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that break their connection at any point. What they have begun is given up, nothing of it stays, and neither Vert.x
 * nor Netty logs it.
 */
class BrokenConnectionsIT {
    private static final Map<String, String> SCRIPTS = Map.of(
            "hello.php", "<?php echo 'hello';",
            "held.php",
                    "<?php file_put_contents($_GET['side'] . '/running', (string) getmypid());"
                            + " while (!file_exists($_GET['side'] . '/gate')) { clearstatcache(); usleep(2000); } echo 'held';",
            "file.php", "<?php header('X-Sendfile: ' . __DIR__ . '/large.bin');",
            "body.php", "<?php echo strlen(file_get_contents('php://input'));");

    private static PackagedGateway gateway;
    private static int tlsPort;

    /** What the client has sent of the next request, behind a running one. */
    private enum Half {
        HEAD("POST /api/body HTTP/1.1|Host: a|Conte"),
        MALFORMED_HEAD("GET /api/bo dy HTTP/1.1|Ho st: a||"),
        LENGTH("POST /api/body HTTP/1.1|Host: a|Content-Length: 100||abc"),
        LARGE("POST /api/body HTTP/1.1|Host: a|Content-Length: 1000000||" + "x".repeat(40_000)),
        CHUNKED("POST /api/body HTTP/1.1|Host: a|Transfer-Encoding: chunked||5|abcde|7|ab"),
        MALFORMED_CHUNK("POST /api/body HTTP/1.1|Host: a|Transfer-Encoding: chunked||5|abcde|zz|ab"),
        EXPECT("POST /api/body HTTP/1.1|Host: a|Expect: 100-continue|Content-Length: 100||"),
        THIRD("GET /api/hello HTTP/1.1|Host: a||POST /api/body HTTP/1.1|Host: a|Content-Length: 100||abc");

        final String bytes;

        Half(String bytes) {
            this.bytes = bytes.replace("|", "\r\n");
        }
    }

    static List<Arguments> breaks() {
        List<Arguments> all = new ArrayList<>();
        for (Half half : Half.values()) {
            for (boolean secure : new boolean[] {false, true}) {
                for (boolean reset : new boolean[] {false, true}) {
                    all.add(Arguments.of(half, secure, reset));
                }
            }
        }
        return all;
    }

    @BeforeAll
    static void start() throws Exception {
        tlsPort = FreePorts.next();
        Path functions = PackagedGateway.functions(SCRIPTS);
        Files.writeString(functions.resolve("functions.yaml"), "functions:\n  held:\n    on-abort: end\n");
        Files.write(functions.resolve("large.bin"), new byte[8 << 20]);
        Map<String, String> settings = new HashMap<>(Certificate.settings());
        settings.put("relais.http.sendfile-directories", functions.toString());
        settings.put("quarkus.http.ssl-port", Integer.toString(tlsPort));
        gateway = PackagedGateway.start(functions, settings).ready();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    private static RawClient connect(boolean secure) throws IOException {
        return secure ? RawClient.connectSecurely(tlsPort) : RawClient.connect(gateway.port);
    }

    private static double sum(String meter) throws Exception {
        return Curl.run("http://127.0.0.1:" + gateway.management + "/q/metrics")
                .output()
                .lines()
                .filter(line -> line.startsWith(meter))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @AfterEach
    void nothingStaysAndNothingIsLogged() throws Exception {
        assertEquals(200, gateway.get("/api/hello"));
        await().until(() -> sum("relais_memory_bytes") + sum("relais_spool_bytes") + sum("relais_queue_length") == 0);
        await().until(() -> sum("relais_worker_children_busy") == 0);
        assertEquals(0, sum("relais_faults_total"));
        String log = gateway.logWithoutStalls();
        for (String sign : List.of(
                "\tat ", "Exception", "[io.vertx.", "[io.netty.channel.", "[io.netty.handler.", "[io.netty.util.")) {
            assertFalse(log.contains(sign), log);
        }
    }

    @ParameterizedTest
    @MethodSource("breaks")
    void behindARequestThatRuns(Half half, boolean secure, boolean reset) throws Exception {
        try (Side side = new Side();
                RawClient client = connect(secure)) {
            // In one piece, so that both have come when the first one runs.
            client.send("GET /api/held?" + side.query() + " HTTP/1.1\r\nHost: a\r\n\r\n" + half.bytes);
            long pid = side.await("running");
            go(client, reset);

            Side.awaitEnd(pid); // as the function's on-abort says
        }
    }

    /**
     * Half of the next request has come meanwhile, so that the connection breaks while it is not read, or while the answer is
     * written.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void behindARequestWhoseAnswerIsWritten(boolean reset) throws Exception {
        for (int i = 0; i < 50; i++) {
            try (RawClient client = connect(false)) {
                client.send("GET /api/hello HTTP/1.1\r\nHost: a\r\n\r\n" + Half.LENGTH.bytes);
                go(client, reset);
            }
        }
    }

    /** Head and file are written after each other, and the connection may break between them. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void beforeAFileOrInIt(boolean secure) throws Exception {
        for (int i = 0; i < 40; i++) {
            RawClient client = connect(secure).get("/api/file");
            if (i % 2 == 0) {
                client.answerHead();
            }
            client.vanish();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void beforeItsFirstRequest(boolean secure) throws Exception {
        for (String start : List.of("", "G", "POST /api/body HTTP/1.1\r\nHo", "PRI * HTTP/2.0\r\n\r\nSM")) {
            RawClient client = connect(secure);
            client.send(start).vanish();
        }
    }

    /** Netty refuses the Content-Length and Vert.x the path, and the reset of the stream finds a broken connection. */
    @ParameterizedTest
    @ValueSource(strings = {"/api/body", ""})
    void behindAHeadOfHttp2ThatIsRefused(String path) throws Exception {
        for (int i = 0; i < 60; i++) {
            try (Http2Wire wire = new Http2Wire(gateway.port)) {
                wire.get(1, "/api/hello");
                wire.get(3, path, "content-length", "3");
                wire.vanish();
            }
        }
    }

    /** A client that breaks the rules of HTTP/2 must not fill the log. */
    @Test
    void withWhatIsNoHttp2() throws Exception {
        try (Http2Wire wire = new Http2Wire(gateway.port)) {
            wire.send(Http2Wire.SETTINGS, 0, 0, new byte[3]);
            wire.awaitEnd();
        }
        try (Http2Wire wire = new Http2Wire(gateway.port)) {
            wire.get(1, "");
            for (int i = 0; i < 100; i++) {
                wire.send(Http2Wire.DATA, 0, 1, new byte[10]);
            }
            wire.get(3, "/api/hello");
            wire.await(Http2Wire.RST_STREAM);
        } catch (EOFException | SocketException e) {
            // Data behind the end of a stream ends the connection, perhaps while the client still sends. Then what the
            // server has
            // sent is lost.
        }
        try (RawClient client = connect(false)) {
            client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").send(new byte[] {0, 0, 3, 4, 0, 0, 0, 0, 0, 1, 2, 3});
            while (client.read() >= 0) {
                // its settings and GOAWAY
            }
        }
    }

    private static void go(RawClient client, boolean reset) throws IOException {
        if (reset) {
            client.vanish();
        } else {
            client.close();
        }
    }
}
