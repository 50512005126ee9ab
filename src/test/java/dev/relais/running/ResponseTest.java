package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Client;
import dev.relais.testing.Protocol;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The body of an answer: its length, its end, and its framing. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class ResponseTest extends RunningGateway {
    @ParameterizedTest
    @EnumSource
    void bytesBeyondTheAnnouncedLengthAreDropped(Protocol protocol) throws IOException {
        for (String flush : new String[] {"", "&flush"}) {
            try (Client client = connect(protocol)) {
                Answer answer = client.get(HeadersFunction.target("1234567890", "Content-Length: 4") + flush)
                        .answer();

                assertEquals("1234", answer.text());
                assertEquals(
                        "{\"hello\":\"world\"}",
                        client.get("/api/hello").answer().text());
            }
        }
    }

    /** Nothing is written yet, so the announced length can be corrected. */
    @ParameterizedTest
    @EnumSource
    void anAnswerShorterThanItsLengthGetsTheLengthThatItHas(Protocol protocol) throws IOException {
        for (String body : new String[] {"1234", ""}) {
            try (Client client = connect(protocol)) {
                Answer answer = client.get(HeadersFunction.target(body, "Content-Length: 10"))
                        .answer();

                assertEquals(200, answer.status());
                assertEquals("" + body.length(), answer.header("Content-Length"));
                assertEquals(body, answer.text());
                assertEquals(200, client.get("/api/hello").answer().status());
            }
        }
    }

    /** The head with the length was sent. The client gets the bytes that there are, and sees that some are missing. */
    @ParameterizedTest
    @EnumSource
    void bytesMissingBehindAWrittenHeadBreakTheAnswerOffBehindWhatThereIs(Protocol protocol) throws IOException {
        try (Side side = new Side();
                Client client = connect(protocol)) {
            client.get(HeadersFunction.target("1234", "Content-Length: 10") + "&flush&" + side.query());

            assertEquals("10", client.head().header("Content-Length"));
            side.open("gate");
            StringBuilder there = new StringBuilder();
            assertThrows(IOException.class, () -> {
                for (byte[] piece = client.piece(); piece.length > 0; piece = client.piece()) {
                    there.append(new String(piece, StandardCharsets.US_ASCII));
                }
            });
            assertEquals("1234", there.toString());
        }
    }

    @Test
    void headHasTheHeadersOfGetWithoutItsBody() throws IOException {
        try (RawClient client = connect()) {
            client.head(
                    "HEAD " + HeadersFunction.target("1234", "X-One: 1", "Content-Length: 4") + " HTTP/1.1",
                    "Host: localhost");
            Answer answer = client.answerHead();

            assertEquals(200, answer.status());
            assertEquals("1", answer.header("X-One"));
            assertEquals("4", answer.header("Content-Length"));
            assertEquals(
                    "{\"hello\":\"world\"}", client.get("/api/hello").answer().text());
        }
    }

    static List<Arguments> bodiless() {
        List<Arguments> all = new ArrayList<>();
        for (Protocol protocol : Protocol.values()) {
            for (int status : new int[] {204, 205, 304}) {
                for (String length : new String[] {null, "Content-Length: 4"}) {
                    for (String flush : List.of("", "&flush")) {
                        all.add(Arguments.of(protocol, status, length, flush));
                    }
                }
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("bodiless")
    void statusesWithoutABodySendNone(Protocol protocol, int status, String length, String flush) throws IOException {
        try (Client client = connect(protocol)) {
            String line = "HTTP/1.1 " + status + " X";
            Answer answer = client.get((length == null
                                    ? HeadersFunction.target("body", line, "ETag: \"1\"")
                                    : HeadersFunction.target("body", line, "ETag: \"1\"", length))
                            + flush)
                    .answer();

            assertEquals(status, answer.status());
            assertEquals("\"1\"", answer.header("ETag"));
            assertEquals("", answer.text());
            assertNull(answer.header("Transfer-Encoding"));
            if (status != 304) {
                assertEquals(status == 205 ? "0" : null, answer.header("Content-Length"));
            }
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
