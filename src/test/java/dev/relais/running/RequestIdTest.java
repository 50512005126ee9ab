package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Client;
import dev.relais.testing.Protocol;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request has one id, which its client, PHP and the log see. PhpLogCases and RetryTest look for it in the log. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class RequestIdTest extends RunningGateway {
    private static final String FIELD = "X-Request-Id";
    private static final String MADE = "[0-9a-f]{32}";

    private static String only(Answer answer) {
        List<String> ids = answer.headers(FIELD);
        assertEquals(1, ids.size(), answer.head()::toString);
        return ids.get(0);
    }

    private static void assertSeenByPhp(String id, Answer answer) {
        JsonPath php = JsonPath.from(answer.text());
        assertEquals(id, php.getString("server.HTTP_X_REQUEST_ID"));
        assertEquals(id, php.getString("server.UNIQUE_ID"));
    }

    @ParameterizedTest
    @EnumSource
    void aValidOneOfTheClientIsKept(Protocol protocol) throws IOException {
        try (Client client = connect(protocol)) {
            for (String id : List.of("a", "A-b_c.9", "x".repeat(128))) {
                Answer answer = client.get("/api/env", FIELD, id).answer();
                assertEquals(id, only(answer));
                assertSeenByPhp(id, answer);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherOneIsReplaced(Protocol protocol) throws IOException {
        try (Client client = connect(protocol)) {
            for (String id : List.of("", "a b", "a\"b", "a,b", "\u00e4", "x".repeat(129), "$(id)")) {
                Answer answer = client.get("/api/env", FIELD, id).answer();
                String made = only(answer);
                assertTrue(made.matches(MADE), made);
                assertSeenByPhp(made, answer);
            }
            Answer two = client.get("/api/env", FIELD, "one", FIELD, "two").answer();
            assertSeenByPhp(only(two), two);
            assertTrue(only(two).matches(MADE), only(two));
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachRequestWithoutOneGetsItsOwn(Protocol protocol) throws IOException {
        try (Client client = connect(protocol)) {
            Answer first = client.get("/api/env").answer();
            Answer second = client.get("/api/env").answer();
            assertNotEquals(only(first), only(second));
            assertSeenByPhp(only(first), first);
            assertSeenByPhp(only(second), second);
        }
    }

    /** Connection names the fields that are not passed on, but this one is the gateway's. */
    @Test
    void aClientCannotTakeItFromPhp() throws IOException {
        Answer answer = ask(
                "GET /api/env HTTP/1.1", "Host: localhost", "Connection: keep-alive, x-request-id", FIELD + ": mine");
        assertEquals("mine", only(answer));
        assertSeenByPhp("mine", answer);
    }

    @Test
    void oneThatPhpSetsWins() throws IOException {
        assertEquals("by-php", only(get(HeadersFunction.target("x", "x-request-id: by-php"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/nothing-of-this-name HTTP/1.1",
                "GET /api/hello%zz HTTP/1.1",
                "TRACE /api/hello HTTP/1.1",
                "GET /api/end?how=kill HTTP/1.1",
            })
    void aProblemTellsIt(String line) throws IOException {
        Answer answer = ask(line, "Host: localhost", FIELD + ": of-the-problem");
        assertTrue(answer.status() >= 400, answer.text());
        assertEquals("of-the-problem", only(answer));
        assertEquals("of-the-problem", JsonPath.from(answer.text()).getString("requestId"));
    }

    @Test
    void anAnswerThatIsGivenAgainHasThatOfItsOwnRequest() throws IOException {
        String target = "/api/kept?size=5&head[]=X-Request-Id:by-php&of=RequestIdTest";
        ask("GET " + target + " HTTP/1.1", "Host: localhost", FIELD + ": first");
        Answer again = ask("GET " + target + " HTTP/1.1", "Host: localhost", FIELD + ": second");
        assertTrue(again.header("Cache-Status").startsWith("Relais; hit"), again.head()::toString);
        assertEquals("second", only(again));
    }

    @Test
    void aFileHasIt() throws IOException {
        Answer answer = ask("GET /api/site/style.css HTTP/1.1", "Host: localhost", FIELD + ": of-a-file");
        assertEquals(200, answer.status());
        assertEquals("of-a-file", only(answer));
    }

    /** The made one is no field of the client, so it does not count into the most that a request may have. */
    @Test
    void aHeadWithAsManyFieldsAsMayBeIsServed() throws IOException {
        String[] lines = new String[1 + gateway.config().maxHeaders()];
        lines[0] = "GET /api/hello HTTP/1.1";
        lines[1] = "Host: localhost";
        for (int i = 2; i < lines.length; i++) {
            lines[i] = "X-" + i + ": v";
        }
        assertEquals(200, ask(lines).status());
    }
}
