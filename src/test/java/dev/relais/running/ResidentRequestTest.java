package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What a request of a resident function sees and sends while it runs, beside functions that are not resident. */
@QuarkusTest
@TestProfile(ResidentProfile.class)
class ResidentRequestTest extends RunningGateway {
    private static final String SESSION = "Cookie: PHPSESSID=heldbyaresidentfunction";

    private static String course(String function, String name) {
        return "/api/differential/" + function + "?case=" + name.replace(" ", "%20");
    }

    @Test
    void theOrderOfVariablesIsThatOfOtherFunctions() throws IOException {
        for (String query : new String[] {"", "&a=1"}) {
            String[] asked = {"Host: localhost", "Authorization: Basic YTpi", "X-A.b: 1", "X-C: 2"};
            assertEquals(
                    ask(with("GET " + course("usual", "order of variables") + query + " HTTP/1.1", asked))
                            .text(),
                    ask(with("GET " + course("course", "order of variables") + query + " HTTP/1.1", asked))
                            .text());
        }
    }

    private static String[] with(String first, String... others) {
        String[] all = new String[others.length + 1];
        all[0] = first;
        System.arraycopy(others, 0, all, 1, others.length);
        return all;
    }

    @Test
    void whatIsFlushedComesAtOnce() throws IOException {
        try (Side side = new Side();
                RawClient client = connect()) {
            client.get(course("course", "pieces") + "&" + side.query());
            assertEquals(200, client.answerHead().status());
            assertEquals("first", text(client.chunk()));
            side.open("gate");
            assertEquals("second", text(client.chunk()));
            assertEquals("", text(client.chunk()));
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** The session's lock is held as long as by others, and not longer: the next one, in another process, waits for it and has it. */
    @Test
    void aSessionIsLockedUntilTheRequestEnds() throws IOException {
        try (Side side = new Side();
                RawClient holder = connect();
                RawClient waiting = connect()) {
            holder.head(
                    "GET " + course("course", "session held") + "&" + side.query() + " HTTP/1.1",
                    "Host: localhost",
                    SESSION);
            side.await("running-");
            waiting.head("GET " + course("usual", "session held") + " HTTP/1.1", "Host: localhost", SESSION);
            side.open("gate");
            assertEquals("[]", holder.answer().text());
            assertEquals("{\"held\":\"until the end\"}", waiting.answer().text());
            assertEquals(
                    "{\"held\":\"until the end\"}",
                    ask("GET " + course("course", "session held") + " HTTP/1.1", "Host: localhost", SESSION)
                            .text());
        }
    }

    /** A script that reads its body as it comes sees each piece when it is there. */
    @Test
    void aStreamedBodyIsReadWhileItComes() throws IOException {
        try (RawClient client = connect()) {
            client.head(
                    "PUT " + course("streamed", "body echoed") + " HTTP/1.1",
                    "Host: localhost",
                    "Content-Type: text/plain",
                    "Content-Length: 11");
            assertEquals(200, client.answerHead().status());
            assertEquals("ready", text(client.chunk()));
            for (String piece : new String[] {"one", "two", "three"}) {
                client.send(piece);
                assertEquals(piece, text(client.chunk()));
            }
            assertEquals("", text(client.chunk()));
        }
    }

    /** A process serves on after its request has been given up, and the next request finds nothing of it. */
    @Test
    void aClientThatHangsUpEndsTheScript() throws IOException {
        for (String query : new String[] {"", "&ignore"}) {
            String before = get(course("course", "what the engine says")).text();
            try (RawClient client = connect()) {
                client.get(course("course", "output without an end") + query).exactly(1_000);
            }
            assertFalse(get(course("course", "what was after a client had gone"))
                    .text()
                    .isEmpty());
            assertEquals(before, get(course("course", "what the engine says")).text());
        }
    }
}
