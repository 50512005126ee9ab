package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Client;
import dev.relais.testing.Http2Stream;
import dev.relais.testing.Protocol;
import dev.relais.testing.RawClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A decoration is added once to each answer, whether a function, a file or a problem gives it. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class AnswerDecorationTest extends RunningGateway {
    private static final String FILE = "/api/site/style.css";
    private static final String BY_FIELD = "/api/headers?body=x&head[]=X-Accel-Redirect:/protected/digits.txt";

    @BeforeEach
    void mark() {
        MarkedAnswers.on = true;
    }

    @AfterEach
    void unmark() {
        MarkedAnswers.on = false;
    }

    private static void assertMarked(int status, Answer answer) {
        assertEquals(status, answer.status());
        assertEquals(List.of(Integer.toString(status)), answer.headers(MarkedAnswers.FIELD));
        assertEquals(1, answer.headers("Date").size());
    }

    @ParameterizedTest
    @CsvSource({
        "GET,  200, /api/hello", // whole with the first read
        "HEAD, 200, /api/hello",
        "GET,  200, '/api/headers?body=x&flush=1'", // the head goes out before the body is known
        "GET,  204, '/api/headers?body=&head[]=HTTP/1.1%20204%20None'",
        "GET,  304, '/api/headers?body=&head[]=HTTP/1.1%20304%20Same'",
        "GET,  200, " + FILE,
        "HEAD, 200, " + FILE,
        "GET,  200, '" + BY_FIELD + "'",
        "GET,  301, /api/site/sub", // to the folder
        "GET,  404, /api/nothing-of-this-name",
        "GET,  404, /api/site/.htaccess",
        "POST, 405, " + FILE,
        "GET,  502, '/api/headers?body=x&head[]=HTTP/1.1%20999999%20None'",
    })
    void anAnswerHasItWhoeverGivesIt(String method, int status, String target) throws IOException {
        for (Protocol protocol : Protocol.values()) {
            try (Client client = connect(protocol)) {
                client.request(method, target);
                assertMarked(status, method.equals("HEAD") ? client.head() : client.answer());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConditionAndARangeOfAFileHaveIt(Protocol protocol) throws IOException {
        String tag = get(FILE).header("ETag");
        try (Client client = connect(protocol)) {
            assertMarked(304, client.get(FILE, "If-None-Match", tag).answer());
            assertMarked(206, client.get(FILE, "Range", "bytes=0-1").answer());
            assertMarked(416, client.get(FILE, "Range", "bytes=9999-").answer());
            assertMarked(412, client.get(FILE, "If-Match", "\"other\"").answer());
        }
    }

    @Test
    void whatIsRefusedBeforeItIsRoutedHasIt() throws IOException {
        assertMarked(400, ask("GET /api/hello HTTP/1.1"));
        assertMarked(400, ask("GET /api/hello%zz HTTP/1.1", "Host: localhost"));
        assertMarked(405, ask("TRACE /api/hello HTTP/1.1", "Host: localhost"));
        try (Http2Stream stream = (Http2Stream) connect(Protocol.H2C)) {
            assertMarked(
                    400,
                    stream.beginWith(
                                    true,
                                    ":method",
                                    "GET",
                                    ":scheme",
                                    "http",
                                    ":path",
                                    "api/hello",
                                    ":authority",
                                    "localhost")
                            .answer());
        }
    }

    @Test
    void anAnswerThatEndsItsConnectionHasIt() throws IOException {
        try (RawClient client = connect()) {
            assertMarked(200, client.head("GET /api/hello HTTP/1.0").answer());
            assertTrue(client.isEnded());
        }
    }

    @Test
    void anInterimAnswerIsNoneToBeMarked() throws IOException {
        try (RawClient client = connect()) {
            client.head("POST /api/env HTTP/1.1", "Host: localhost", "Content-Length: 1", "Expect: 100-continue");
            Answer interim = client.answerHead();
            assertEquals(100, interim.status());
            assertEquals(List.of(), interim.headers(MarkedAnswers.FIELD));
            assertMarked(200, client.send("x").answer());
        }
    }
}
