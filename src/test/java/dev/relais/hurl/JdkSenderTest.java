package dev.relais.hurl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JdkSenderTest {
    private HttpServer server;
    private String host;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String text = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().get("X-A") + " "
                    + exchange.getRequestHeaders().get("User-Agent") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("X-B", "one");
            exchange.getResponseHeaders().add("X-B", "two");
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            byte[] answer = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(302, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        host = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void theRequestIsSentAsItIsAndNoRedirectIsFollowed() throws IOException {
        Reply reply = new JdkSender()
                .send(new SentRequest(
                        "PATCH",
                        host + "/a%20b?c[]=d",
                        List.of(new Field("X-A", "1"), new Field("X-A", "2")),
                        "body".getBytes(StandardCharsets.UTF_8)));
        assertEquals(302, reply.status());
        assertEquals("PATCH /a%20b?c[]=d [1, 2] [relais-test] body", reply.text());
        assertEquals(List.of("one", "two"), reply.headers("x-b"));
    }

    @Test
    void theUserAgentCanBeChosen() throws IOException {
        Reply reply = new JdkSender()
                .send(new SentRequest("GET", host + "/", List.of(new Field("user-agent", "mine")), new byte[0]));
        assertEquals("GET / null [mine] ", reply.text());
    }

    @Test
    void whatIsNoUrlOrFieldCannotBeSent() {
        for (SentRequest wrong : List.of(
                new SentRequest("GET", host + "/a b", List.of(), new byte[0]),
                new SentRequest("GET", host + "/", List.of(new Field("Connection", "close")), new byte[0]))) {
            IOException failure = assertThrows(IOException.class, () -> new JdkSender().send(wrong));
            assertTrue(failure.getMessage().startsWith("cannot be sent: "), failure.getMessage());
        }
    }
}
