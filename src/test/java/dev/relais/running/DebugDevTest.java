package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.LogLines;
import dev.relais.testing.RawClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which requests are debugged in dev mode, and what is said where that is not possible. */
@QuarkusTest
@TestProfile(DebugDevProfile.class)
class DebugDevTest extends RunningGateway {
    @ParameterizedTest
    @CsvSource({
        "/api/hello?XDEBUG_SESSION=1,         a=b",
        "/api/hello?a=b&XDEBUG_SESSION_START, a=b",
        "/api/hello?XDEBUG_TRIGGER=,          a=b",
        "/api/hello?XDEBUG_PROFILE=1,         a=b",
        "/api/hello,                          a=b; XDEBUG_SESSION=PHPSTORM",
        "/api/hello,                          XDEBUG_TRACE=1"
    })
    void whatStartsXdebugGoesToTheLane(String target, String cookie) throws IOException {
        Answer answer = ask("GET " + target + " HTTP/1.1", "Host: localhost", "Cookie: " + cookie);

        assertEquals(503, answer.status());
        assertTrue(answer.text().contains("urn:relais:problem:debug-extension"), answer.text());
        assertEquals("10", answer.header("Retry-After"));
    }

    @ParameterizedTest
    @CsvSource({
        "application/x-www-form-urlencoded, XDEBUG_SESSION=1,     503",
        "application/x-www-form-urlencoded, a=b&XDEBUG_TRIGGER=1, 503",
        "application/x-www-form-urlencoded, a=XDEBUG_TRIGGER,     200",
        "text/plain,                        XDEBUG_SESSION=1,     200",
        "multipart/form-data; boundary=b,   '--b\r\nContent-Disposition: form-data; name=\"XDEBUG_SESSION\"\r\n\r\n1\r\n--b--', 503",
        "multipart/form-data; boundary=b,   '--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nXDEBUG_SESSION\r\n--b--', 200"
    })
    void aFieldOfAFormDoesToo(String type, String body, int status) throws IOException {
        try (RawClient client = connect()) {
            client.head(
                    "POST /api/hello HTTP/1.1",
                    "Host: localhost",
                    "Content-Type: " + type,
                    "Content-Length: " + body.length());

            assertEquals(status, client.send(body).answer().status());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/api/hello?name=XDEBUG_SESSION, a=XDEBUG_SESSION",
        "/api/hello?XDEBUG=1,            xdebug_session=1",
        "/api/hello?XDEBUG_SESSION2=1,   MY_XDEBUG_SESSION=1"
    })
    void nothingElseDoes(String target, String cookie) throws IOException {
        assertEquals(
                200,
                ask("GET " + target + " HTTP/1.1", "Host: localhost", "Cookie: " + cookie)
                        .status());
    }

    @Test
    void theLogSaysWhyAndWhatToDo() throws IOException {
        try (LogLines log = new LogLines()) {
            assertEquals(503, get("/api/hello?XDEBUG_SESSION=1").status());

            assertTrue(
                    log.lines()
                            .anyMatch(line -> line.startsWith("Debug workers do not start: mode=step cause=")
                                    && line.contains("relais.debug.extension=nosuch")
                                    && line.contains("apt-get install php-nosuch")),
                    log::toString);
        }
    }
}
