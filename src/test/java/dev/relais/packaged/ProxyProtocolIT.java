package dev.relais.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Patience;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The PROXY protocol (haproxy.org, version 1), from a trusted address and from one that is not trusted. */
class ProxyProtocolIT {
    private static PackagedGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        String script =
                "<?php echo $_SERVER['REMOTE_ADDR'], ' ', $_SERVER['REMOTE_PORT'], ' ', $_SERVER['SERVER_ADDR'],"
                        + " ' ', $_SERVER['SERVER_PORT'], ' ', $_SERVER['REQUEST_SCHEME'];";
        gateway = PackagedGateway.start(
                        PackagedGateway.functions(Map.of("ends.php", script)),
                        Map.of(
                                "quarkus.http.host", "0.0.0.0",
                                "quarkus.http.proxy.use-proxy-protocol", "true",
                                "relais.http.trusted-proxies", "127.0.0.1,198.51.100.0/24"))
                .ready();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    private static String ask(String from, String proxyLine, String fields) throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getByName("127.0.0.1"), gateway.port, InetAddress.getByName(from), 0)) {
            socket.setSoTimeout(1_000 * Patience.SECONDS);
            String request = proxyLine + "GET /api/ends HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + fields + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.substring(answer.indexOf("\r\n\r\n") + 4).replace(" " + socket.getLocalPort() + " ", " own ");
        }
    }

    @Test
    void takesTheClientFromATrustedProxy() throws Exception {
        String line = "PROXY TCP4 192.0.2.7 192.0.2.99 4711 443\r\n";
        assertEquals("192.0.2.7 4711 192.0.2.99 443 http", ask("127.0.0.1", line, ""));
        // The client itself is no proxy, so what it says does not count.
        assertEquals("192.0.2.7 4711 192.0.2.99 443 http", ask("127.0.0.1", line, "X-Forwarded-For: 6.6.6.6\r\n"));
    }

    @Test
    void readsHeadersBehindTwoTrustedProxies() throws Exception {
        assertEquals(
                "192.0.2.7  192.0.2.99 443 https",
                ask(
                        "127.0.0.1",
                        "PROXY TCP4 198.51.100.1 192.0.2.99 4711 80\r\n",
                        "X-Forwarded-For: 6.6.6.6, 192.0.2.7\r\nX-Forwarded-Proto: https\r\n"));
    }

    @Test
    void takesNoneFromAnyoneElse() throws Exception {
        assertEquals(
                "127.0.0.2 own 127.0.0.1 " + gateway.port + " http",
                ask(
                        "127.0.0.2",
                        "PROXY TCP4 192.0.2.7 192.0.2.99 4711 443\r\n",
                        "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\n"));
    }

    @Test
    void closesWithoutTheLine() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port)) {
            socket.setSoTimeout(1_000 * Patience.SECONDS);
            socket.getOutputStream()
                    .write("GET /api/ends HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertTrue(socket.getInputStream().read() < 0);
        }
    }
}
