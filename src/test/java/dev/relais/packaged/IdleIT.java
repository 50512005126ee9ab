package dev.relais.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The idle time ends what waits between requests or in a head, and never a running invocation. */
class IdleIT {
    private static final String REQUEST = "GET /api/slow HTTP/1.1\r\nHost: localhost\r\n\r\n";

    @Test
    void theIdleTimeEndsHeadsAndPausesButNoInvocation() throws Exception {
        var functions = PackagedGateway.functions(Map.of("slow.php", "<?php sleep(3); echo 'slow';"));
        try (PackagedGateway gateway = PackagedGateway.start(
                        functions, Map.of("relais.http.idle-timeout", "1s", "relais.http.head-timeout", "1s"))
                .ready()) {
            try (Socket silent = connect(gateway);
                    Socket trickling = connect(gateway);
                    Socket running = connect(gateway)) {
                running.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
                assertEnds(silent);
                assertTrickleEnds(trickling);
                InputStream answer = running.getInputStream();
                assertTrue(new String(answer.readNBytes(12), StandardCharsets.US_ASCII).endsWith("200"));
                // Kept alive behind the answer, and ended when nothing follows.
                assertTrue(new String(answer.readAllBytes(), StandardCharsets.US_ASCII).endsWith("slow"));
            }
        }
    }

    private static Socket connect(PackagedGateway gateway) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void assertEnds(Socket socket) throws IOException {
        assertEquals(-1, socket.getInputStream().read());
    }

    /** A byte at each read timeout keeps the socket busy, but not the clock. */
    private static void assertTrickleEnds(Socket socket) throws IOException {
        socket.setSoTimeout(100);
        for (int i = 0; i < 100; i++) {
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
        throw new AssertionError("still open after ten seconds");
    }
}
