package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Attempts;
import dev.relais.testing.Http2Client;
import dev.relais.testing.Http2Stream;
import dev.relais.testing.Patience;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The idle time ends connections between requests or within a head, and never a running invocation. */
class IdleIT {
    private static final String REQUEST = "GET /api/slow HTTP/1.1\r\nHost: localhost\r\n\r\n";

    @Test
    void theIdleTimeEndsHeadsAndPausesButNoInvocation() throws Exception {
        var functions = PackagedGateway.functions(Map.of(
                "slow.php",
                "<?php sleep(4); echo 'slow';",
                "early.php",
                "<?php echo 'early'; fastcgi_finish_request(); file_put_contents($_GET['to'],"
                        + " strlen(file_get_contents('php://input')));",
                "functions.yaml",
                "functions: {early: {body: stream}}"));
        try (PackagedGateway gateway = PackagedGateway.start(
                        functions, Map.of("relais.http.idle-timeout", "2s", "relais.http.head-timeout", "2s"))
                .ready()) {
            try (Socket silent = connect(gateway);
                    Socket trickling = connect(gateway);
                    Socket running = await().until(() -> asking(gateway), Objects::nonNull)) {
                assertEnds(silent);
                assertTrickleEnds(trickling);
                InputStream answer = running.getInputStream();
                assertTrue(new String(answer.readNBytes(12), StandardCharsets.US_ASCII).endsWith("200"));
                // Kept alive behind the answer, and ended when nothing follows.
                assertTrue(new String(answer.readAllBytes(), StandardCharsets.US_ASCII).endsWith("slow"));
            }
            Attempts.untilProved(() -> bodiesAndProbesAreNoHeads(gateway));
        }
    }

    /** @return null when the test paused before it asked, so that the gateway may have ended the connection */
    private static Socket asking(PackagedGateway gateway) throws IOException {
        long begin = System.nanoTime();
        Socket socket = connect(gateway);
        socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
        if (isLate(begin)) {
            socket.close();
            return null;
        }
        return socket;
    }

    /** Whether more than half of the shortest idle time has passed. */
    private static boolean isLate(long beginNanos) {
        return System.nanoTime() - beginNanos > TimeUnit.SECONDS.toNanos(1);
    }

    /**
     * A body behind its answer, and probes on one connection, may take longer than a head or an idle connection.
     *
     * @return false when a connection has ended while the test paused
     */
    private static boolean bodiesAndProbesAreNoHeads(PackagedGateway gateway) throws Exception {
        long last = System.nanoTime();
        boolean running = false;
        try (Side side = new Side();
                RawClient early = RawClient.connect(gateway.port);
                RawClient probes = RawClient.connect(gateway.management)) {
            String target = "/api/early?to=" + side.path().resolve("read-");
            early.send("PUT " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n");
            assertEquals("early", early.answer().text());
            for (int sent = 0;
                    sent < 5_000;
                    sent += 100) { // in all more than twice each time, and a pause is a twentieth of it
                await().pollDelay(Duration.ofMillis(90)).until(() -> true);
                early.send(new byte[100]);
                assertEquals(200, probes.get("/q/health/live").answer().status());
                last = System.nanoTime();
            }
            assertEquals(5_000, side.await("read-"));
            early.get("/api/slow");
            if (isLate(last)) {
                return false;
            }
            running = true; // for longer than the idle time
            assertEquals("slow", early.answer().text());
            return true;
        } catch (IOException e) {
            if (!running && isLate(last)) {
                return false;
            }
            throw e;
        }
    }

    /**
     * A paused virtual machine or a suspended laptop does the same. What had arrived in time must not count as late because the
     * gateway was.
     */
    @Test
    void whatArrivedWhileTheGatewayWasStoppedIsInTime() throws Exception {
        var functions = PackagedGateway.functions(Map.of("echo.php", "<?php echo file_get_contents('php://input');"));
        var times = Map.of(
                "relais.http.idle-timeout", "4s", "relais.http.head-timeout", "4s", "relais.http.body-timeout", "4s");
        try (PackagedGateway gateway = PackagedGateway.start(functions, times).ready()) {
            assertEquals(200, gateway.get("/api/echo")); // the first one takes its time
            Attempts.untilProved(() -> isInTimeWhileStopped(gateway));
        }
    }

    /** @return false when the test paused before it stopped the gateway, which may have ended the connections by then */
    private static boolean isInTimeWhileStopped(PackagedGateway gateway) throws Exception {
        String post = "POST /api/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n\r\n";
        long begin = System.nanoTime();
        boolean stopped = false;
        try (Http2Client http2 = Http2Client.connect(gateway.port);
                RawClient inHead = RawClient.connect(gateway.port);
                RawClient inBody = RawClient.connect(gateway.port);
                RawClient idle = RawClient.connect(gateway.port)) {
            Http2Stream stream = http2.stream();
            stream.begin("POST", "/api/echo", "Content-Length", "6").send("abc".getBytes());
            inHead.send(post.substring(0, 20));
            inBody.send(post + "abc");
            idle.send(post + "begins").answer();
            gateway.signal("STOP", gateway.process());
            if (isLate(begin)) {
                return false;
            }
            stopped = true;
            idle.send(post + "as if");
            idle.send(".");
            inHead.send(post.substring(20) + "a head");
            inBody.send("def");
            stream.send("def".getBytes()).end();
            await().pollDelay(Duration.ofSeconds(5)).until(() -> true); // longer than each of the times
            gateway.signal("CONT", gateway.process());

            assertEquals("as if.", idle.answer().text());
            assertEquals("a head", inHead.answer().text());
            assertEquals("abcdef", inBody.answer().text());
            assertEquals("abcdef", stream.answer().text());
            return true;
        } catch (IOException e) {
            if (!stopped && isLate(begin)) {
                return false;
            }
            throw e;
        } finally {
            gateway.signal("CONT", gateway.process());
        }
    }

    private static Socket connect(PackagedGateway gateway) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port);
        socket.setSoTimeout(1_000 * Patience.SECONDS);
        return socket;
    }

    private static void assertEnds(Socket socket) throws IOException {
        assertEquals(-1, socket.getInputStream().read());
    }

    /** A byte at each read timeout keeps the socket busy, but must not move the gateway's deadline. */
    private static void assertTrickleEnds(Socket socket) throws IOException {
        socket.setSoTimeout(100);
        for (int i = 0; i < 10 * Patience.SECONDS; i++) {
            try {
                socket.getOutputStream().write('G');
                if (socket.getInputStream().read() < 0) {
                    return;
                }
            } catch (java.net.SocketTimeoutException e) {
                // not yet
            } catch (IOException e) {
                return; // reset: ended with our byte under way
            }
        }
        throw new AssertionError("still open after a minute");
    }
}
