package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.relais.testing.Answer;
import dev.relais.testing.Client;
import dev.relais.testing.Protocol;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client gets of the head that a function sends: status, fields, and invalid lengths. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class ResponseHeadTest extends RunningGateway {
    @Test
    void statusRepeatedHeadersAndCookiesArePassedOn() throws IOException {
        Answer answer = get(HeadersFunction.target(
                "x", "HTTP/1.1 418 Teapot", "X-One: 1", "X-One: 2", "Set-Cookie: a=1; Path=/", "Set-Cookie: b=2, c"));

        assertEquals(418, answer.status());
        assertEquals(List.of("1", "2"), answer.headers("X-One"));
        assertEquals(List.of("a=1; Path=/", "b=2, c"), answer.headers("Set-Cookie"));
        assertNull(answer.header("Status"));
        assertEquals("x", answer.text());
    }

    @Test
    void aStatusHeaderSetsTheStatus() throws IOException {
        assertEquals(
                201, get(HeadersFunction.target("x", "Status: 201 Created")).status());
    }

    @Test
    void aLocationRedirects() throws IOException {
        Answer answer = get(HeadersFunction.target("", "Location: /api/hello"));

        assertEquals(302, answer.status());
        assertEquals("/api/hello", answer.header("Location"));
    }

    /** This holds whether PHP itself or a file in its place answers. */
    @ParameterizedTest
    @EnumSource
    void headersOfTheConnectionAreNotTheFunctions(Protocol protocol) throws IOException {
        String[] lines = {
            "Connection: close, X-Named",
            "connection:  x-other ,, Upgrade",
            "X-Named: 1",
            "X-OTHER: 1",
            "Transfer-Encoding: chunked",
            "Keep-Alive: timeout=3",
            "Proxy-Connection: keep-alive",
            "Proxy-Authenticate: Basic",
            "Proxy-Authorization: Basic eA==",
            "TE: trailers",
            "Trailer: X-Named",
            "Upgrade: h2c",
            "HTTP2-Settings: AAMAAABkAAQAAP__",
            "X-Kept: 1"
        };
        try (Client client = connect(protocol)) {
            String[] sent = Arrays.copyOf(lines, lines.length + 1);
            sent[lines.length] = "X-Accel-Redirect: /protected/digits.txt";
            for (String target : new String[] {HeadersFunction.target("x", lines), HeadersFunction.target("x", sent)}) {
                Answer answer = client.get(target).answer();

                assertEquals(200, answer.status());
                assertEquals("1", answer.header("X-Kept"));
                for (String line : lines) {
                    String name = line.substring(0, line.indexOf(':'));
                    if (!name.equals("X-Kept") && !name.equals("Transfer-Encoding")) {
                        assertNull(answer.header(name), name);
                    }
                }
                assertEquals(200, client.get("/api/hello").answer().status());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Status: 42 Nope", "Status: abc", "Status: 99", "Status: 1000"})
    void anInvalidStatusIsABadGateway(String line) throws IOException {
        Answer answer = get(HeadersFunction.target("body", line));

        assertEquals(502, answer.status());
        assertEquals("application/problem+json", answer.header("Content-Type"));
    }

    static List<Arguments> oddLines() {
        List<Arguments> all = new ArrayList<>();
        for (Protocol protocol : Protocol.values()) {
            for (String line : List.of(
                    "Na me: x",
                    "Na(me: x",
                    "nocolon",
                    "no colon here",
                    ": x",
                    "\u00c4: x",
                    "X-Control: a\u0001b",
                    "X-Escape: \u001b[31m",
                    "X-Delete: \u007f",
                    "Status: 103 Early Hints")) {
                all.add(Arguments.of(protocol, line));
            }
        }
        return all;
    }

    /** nginx passes most of these answers on too. */
    @ParameterizedTest
    @MethodSource("oddLines")
    void oneOddFieldDoesNotLoseTheAnswer(Protocol protocol, String line) throws IOException {
        try (Client client = connect(protocol)) {
            Answer answer = client.get(HeadersFunction.target("body", "X-Before: 1", line, "X-After: caf\u00e9"))
                    .answer();

            assertEquals(200, answer.status());
            assertEquals("body", answer.text());
            assertEquals("1", answer.header("X-Before"));
            assertNotNull(answer.header("X-After"));
            assertEquals(
                    0,
                    answer.head().stream()
                            .filter(field -> field.contains("Control"))
                            .count());
            assertEquals(200, client.get("/api/hello").answer().status());
        }
    }

    static List<Arguments> wrongLengths() {
        List<Arguments> all = new ArrayList<>();
        for (Protocol protocol : Protocol.values()) {
            for (String flush : List.of("", "&flush")) {
                for (String length : List.of(
                        "",
                        "x",
                        "-1",
                        "-0",
                        "4.0",
                        "+5",
                        "4 4",
                        "4, 4",
                        "4,",
                        "0x4",
                        "1e1",
                        "\"4\"",
                        "9".repeat(30),
                        "4;")) {
                    all.add(Arguments.of(protocol, flush, length));
                }
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("wrongLengths")
    void aLengthThatIsNoneCountsAsNone(Protocol protocol, String flush, String length) throws IOException {
        try (Client client = connect(protocol)) {
            Answer answer = client.get(HeadersFunction.target("body", "Content-Length: " + length) + flush)
                    .answer();

            assertEquals(200, answer.status());
            assertEquals("body", answer.text());
            assertEquals(200, client.get("/api/hello").answer().status());
        }
    }

    @ParameterizedTest
    @EnumSource
    void severalLengthsCountAsNone(Protocol protocol) throws IOException {
        for (String second : new String[] {"4", "2", "10", "x"}) {
            try (Client client = connect(protocol)) {
                Answer answer = client.get(
                                HeadersFunction.target("body", "Content-Length: 4", "Content-length: " + second))
                        .answer();

                assertEquals("body", answer.text());
                assertEquals(200, client.get("/api/hello").answer().status());
            }
        }
    }

    @Test
    void aHeadOverTheLimitIsABadGateway() throws IOException {
        assertEquals(502, ask("GET /api/bighead HTTP/1.1", "Host: localhost").status());
    }
}
