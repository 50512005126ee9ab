package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.EOFException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(RunningProfile.class)
class ResponseTest extends RunningGateway {
    private static String headers(String body, String... lines) {
        StringBuilder target = new StringBuilder("/api/headers?body=" + body);
        for (String line : lines) {
            target.append("&head[]=").append(URLEncoder.encode(line, StandardCharsets.UTF_8));
        }
        return target.toString();
    }

    @Test
    void statusRepeatedHeadersAndCookiesArePassedOn() throws IOException {
        Answer answer = get(headers(
                "x", "HTTP/1.1 418 Teapot", "X-One: 1", "X-One: 2", "Set-Cookie: a=1; Path=/", "Set-Cookie: b=2, c"));

        assertEquals(418, answer.status());
        assertEquals(List.of("1", "2"), answer.headers("X-One"));
        assertEquals(List.of("a=1; Path=/", "b=2, c"), answer.headers("Set-Cookie"));
        assertNull(answer.header("Status"));
        assertEquals("x", answer.text());
    }

    @Test
    void aStatusHeaderSetsTheStatus() throws IOException {
        assertEquals(201, get(headers("x", "Status: 201 Created")).status());
    }

    @Test
    void aLocationRedirects() throws IOException {
        Answer answer = get(headers("", "Location: /api/hello"));

        assertEquals(302, answer.status());
        assertEquals("/api/hello", answer.header("Location"));
    }

    @Test
    void headersOfTheConnectionAreNotTheFunctions() throws IOException {
        try (RawClient client = connect()) {
            Answer answer = client.get(headers("x", "Connection: close", "Transfer-Encoding: chunked", "Keep-Alive: 3"))
                    .answer();

            assertEquals("x", answer.text());
            assertNull(answer.header("Connection"));
            assertNull(answer.header("Keep-Alive"));
            assertEquals(200, client.get("/api/hello").answer().status());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Status: 42 Nope",
                "Status: abc",
                "Content-Length: x",
                "Content-Length: -1",
                "Content-Length: 4 4",
                "Status: 99",
                "Status: 1000",
                "Na me: x",
                "Na(me: x",
                "X-Control: a\u0001b"
            })
    void anInvalidHeadIsABadGateway(String line) throws IOException {
        Answer answer = get(headers("body", line));

        assertEquals(502, answer.status());
        assertEquals("application/problem+json", answer.header("Content-Type"));
    }

    @Test
    void aHeadOverTheLimitIsABadGateway() throws IOException {
        assertEquals(502, ask("GET /api/bighead HTTP/1.1", "Host: localhost").status());
    }

    @Test
    void bytesBeyondTheAnnouncedLengthAreDropped() throws IOException {
        try (RawClient client = connect()) {
            Answer answer =
                    client.get(headers("1234567890", "Content-Length: 4")).answer();

            assertEquals("1234", answer.text());
            assertEquals(
                    "{\"hello\":\"world\"}", client.get("/api/hello").answer().text());
        }
    }

    @Test
    void missingBytesBreakTheAnswerOff() throws IOException {
        try (RawClient client = connect()) {
            client.get(headers("1234", "Content-Length: 10"));

            assertThrows(IOException.class, client::answer);
        }
    }

    @Test
    void headHasTheHeadersOfGetWithoutItsBody() throws IOException {
        try (RawClient client = connect()) {
            client.head("HEAD " + headers("1234", "X-One: 1", "Content-Length: 4") + " HTTP/1.1", "Host: localhost");
            Answer answer = client.answerHead();

            assertEquals(200, answer.status());
            assertEquals("1", answer.header("X-One"));
            assertEquals("4", answer.header("Content-Length"));
            assertEquals(
                    "{\"hello\":\"world\"}", client.get("/api/hello").answer().text());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void statusesWithoutABodySendNone(int status) throws IOException {
        try (RawClient client = connect()) {
            Answer answer = client.get(headers("", "HTTP/1.1 " + status + " X", "ETag: \"1\""))
                    .answer();

            assertEquals(status, answer.status());
            assertEquals("\"1\"", answer.header("ETag"));
            assertNull(answer.header("Transfer-Encoding"));
            assertEquals(
                    "{\"hello\":\"world\"}", client.get("/api/hello").answer().text());
        }
    }

    @Test
    void http10EndsWithItsConnection() throws IOException {
        try (RawClient client = connect()) {
            assertEquals(
                    "{\"hello\":\"world\"}",
                    client.head("GET /api/hello HTTP/1.0").answer().text());
            assertTrue(client.isEnded());
        }
    }

    @Test
    void http10IsKeptAliveWhenItAsks() throws IOException {
        try (RawClient client = connect()) {
            for (int i = 0; i < 2; i++) {
                Answer answer = client.head("GET /api/hello HTTP/1.0", "Connection: keep-alive")
                        .answer();
                assertEquals("{\"hello\":\"world\"}", answer.text());
                assertEquals("keep-alive", answer.header("Connection").toLowerCase());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Connection: close", "Connection: keep-alive"})
    void aStreamToHttp10EndsWithTheConnection(String connection) throws IOException {
        try (RawClient client = connect()) {
            Answer answer = client.head("GET /api/large?megabytes=2 HTTP/1.0", connection)
                    .answer();

            assertNull(answer.header("Transfer-Encoding"));
            assertEquals(2 << 20, answer.body().length);
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        try (RawClient client = connect()) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 3; i++) {
                requests.append("GET /api/hello?name=").append(i).append(" HTTP/1.1\r\nHost: localhost\r\n\r\n");
            }
            client.send(requests.toString());
            for (int i = 0; i < 3; i++) {
                assertEquals("{\"hello\":\"" + i + "\"}", client.answer().text());
            }
        }
    }

    @Test
    void whatPhpFlushesArrivesAtOnce() throws IOException {
        try (Side side = new Side();
                RawClient client = connect()) {
            client.get("/api/events?" + side.query());
            assertEquals("text/event-stream;charset=UTF-8", client.answerHead().header("Content-Type"));
            for (int i = 1; i <= 3; i++) {
                // The script sends the next one only after this one was read.
                assertEquals("data: " + i + "\n\n", new String(client.chunk(), StandardCharsets.US_ASCII));
                side.open("gate-" + i);
            }
            assertEquals("data: end\n\n", new String(client.chunk(), StandardCharsets.US_ASCII));
            assertEquals(0, client.chunk().length);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"&announce", ""})
    void aLargeDownloadReachesASlowReaderWhole(String announce) throws IOException {
        int megabytes = 100;
        try (RawClient client = RawClient.connect(http.getPort(), 16 * 1024)) {
            client.get("/api/large?megabytes=" + megabytes + announce);
            Answer head = client.answerHead();
            LargeAnswer.read(client, head, megabytes);
            assertEquals(200, client.get("/api/hello").answer().status());
        }
    }

    @Test
    void anAnswerThatBreaksOffIsSeenToBeBrokenOff() throws IOException {
        try (RawClient client = connect()) {
            client.get("/api/end?how=kill&head");

            assertThrows(EOFException.class, client::answer);
        }
    }
}
