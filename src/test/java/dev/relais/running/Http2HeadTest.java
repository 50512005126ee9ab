package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.relais.testing.Answer;
import dev.relais.testing.Client;
import dev.relais.testing.Http2Stream;
import dev.relais.testing.Protocol;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads that HTTP/2 can carry and HTTP/1.1 cannot. Neither PHP nor Relais may see in them what they would not see in HTTP/1.1. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class Http2HeadTest extends RunningGateway {
    private Http2Stream stream() throws IOException {
        return (Http2Stream) connect(Protocol.H2C);
    }

    @ParameterizedTest
    @EnumSource
    void blanksAroundAValueAreNotOfIt(Protocol protocol) throws IOException {
        try (Client client = connect(protocol)) {
            JsonPath seen = JsonPath.from(
                    client.get("/api/env", "X-Test", "  a b\t ").answer().text());
            assertEquals("a b", seen.getString("server.HTTP_X_TEST"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://elsewhere/api/hello", "api/hello", "http:/api/hello"})
    void aPathThatIsNoneIsRefusedAndTheConnectionGoesOn(String path) throws IOException {
        try (Http2Stream stream = stream()) {
            Answer answer = stream.beginWith(
                            true, ":method", "GET", ":scheme", "http", ":path", path, ":authority", "localhost")
                    .answer();
            assertEquals(400, answer.status());
            assertEquals("application/problem+json", answer.header("Content-Type"));
            assertEquals(200, stream.get("/api/hello").answer().status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x y", "x:y", "x(y)", "x,y", "x=y"})
    void aFieldNameThatHttp1CannotCarryIsRefused(String name) throws IOException {
        try (Http2Stream stream = stream()) {
            assertEquals(400, stream.get("/api/hello", name, "1").answer().status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "a\nb", "a\fb", "a\033b", "a\177b"})
    void aFieldValueThatHttp1CannotCarryIsRefused(String value) throws IOException {
        try (Http2Stream stream = stream()) {
            assertEquals(400, stream.get("/api/hello", "x", value).answer().status());
        }
    }

    @Test
    void crumbsOfACookieAreOneField() throws IOException {
        try (Http2Stream stream = stream()) {
            JsonPath seen = JsonPath.from(stream.get("/api/env", "cookie", "a=1", "cookie", "b=2", "te", "trailers")
                    .answer()
                    .text());
            assertEquals("a=1; b=2", seen.getString("server.HTTP_COOKIE"));
            assertNull(seen.getString("server.HTTP_TE"));
        }
    }
}
