package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.relais.testing.Answer;
import dev.relais.testing.Attempts;
import dev.relais.testing.Client;
import dev.relais.testing.Http2Stream;
import dev.relais.testing.Protocol;
import dev.relais.testing.RawClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An answer may come before its request's body is read. The client gets it whole, and no part of the body is taken for a
 * request.
 */
@QuarkusTest
@TestProfile(RunningProfile.class)
class AnswerEndTest extends RunningGateway {
    private static final String[][] ANSWERS = {
        {"200", "GET", "/api/site/style.css", "", ""},
        {"206", "GET", "/api/site/style.css", "Range", "bytes=0-3"},
        {"304", "GET", "/api/site/style.css", "If-None-Match", "*"},
        {"416", "GET", "/api/site/style.css", "Range", "bytes=9999-"},
        {"412", "GET", "/api/site/style.css", "If-Match", "\"x\""},
        {"301", "GET", "/api/site/sub", "", ""},
        {"404", "GET", "/api/site/data/secret.txt", "", ""},
        {"405", "DELETE", "/api/site/style.css", "", ""},
        {"404", "GET", "/api/nothing/here", "", ""},
    };

    @ParameterizedTest
    @CsvSource({"0", "1", "2", "3", "4", "5", "6", "7", "8"})
    void http1GetsTheAnswerThoughItSendsAllFirst(int index) throws Exception {
        String[] wanted = ANSWERS[index];
        byte[] body = new byte[1_000_000];
        Attempts.untilProved(PAUSE, pace -> {
            try (RawClient client = connect()) {
                client.head(
                        wanted[1] + " " + wanted[2] + " HTTP/1.1",
                        "Host: localhost",
                        "Content-Length: " + body.length,
                        wanted[3].isEmpty() ? "X-None: 1" : wanted[3] + ": " + wanted[4]);
                client.send(body);
                pace.stop();
                Answer answer = client.answer();

                assertEquals(wanted[0], String.valueOf(answer.status()));
                assertEquals("close", answer.header("Connection"));
                assertThrows(EOFException.class, () -> client.exactly(1), "an end, and no reset");
                return true;
            }
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"H2C", "H2"})
    void http2GetsTheAnswerAndTheConnectionGoesOn(Protocol protocol) throws IOException {
        try (Client client = connect(protocol)) {
            Http2Stream first = (Http2Stream) client;
            for (int round = 0; round < 3; round++) {
                for (String[] wanted : ANSWERS) {
                    Http2Stream stream = first.connection().stream();
                    if (wanted[3].isEmpty()) {
                        stream.begin(wanted[1], wanted[2]);
                    } else {
                        stream.begin(wanted[1], wanted[2], wanted[3].toLowerCase(), wanted[4]);
                    }
                    stream.send(new byte[10_000]);
                    assertEquals(wanted[0], String.valueOf(stream.answer().status()));
                    assertEquals(Http2Stream.NO_ERROR, stream.awaitReset());
                }
            }
            // More than the connection's window has been sent and dropped.
            assertEquals(
                    200, first.connection().stream().get("/api/hello").answer().status());
        }
    }
}
