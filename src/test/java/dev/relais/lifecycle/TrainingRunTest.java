package dev.relais.lifecycle;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator asks for is visited, and no page that fails ends the run. */
class TrainingRunTest {
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private String address;

    @BeforeEach
    void serve() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            seen.add(path);
            byte[] text = path.getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(path.equals("/down") ? 503 : 200, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        server.start();
        address = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void eachPageIsAskedForOnceWhateverItsStatus() {
        TrainingRun.visit(address + "/q/metrics");
        TrainingRun.visit(address + "/down");

        assertEquals(List.of("/q/metrics", "/down"), seen);
    }

    @Test
    void aPageThatDoesNotComeIsLeft() {
        server.stop(0);

        assertDoesNotThrow(() -> TrainingRun.visit(address + "/q/metrics"));
        assertEquals(List.of(), seen);
    }
}
