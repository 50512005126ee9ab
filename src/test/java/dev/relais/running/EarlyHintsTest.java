package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Client;
import dev.relais.testing.LogLines;
import dev.relais.testing.Protocol;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code headers_send(103)} of functions, which becomes 103 (Early Hints) before the answer. */
@QuarkusTest
@TestProfile(EarlyHintsProfile.class)
class EarlyHintsTest extends RunningGateway {
    private static final String LINK = "</style.css>; rel=preload; as=style";

    @ConfigProperty(name = "relais.access-log.file")
    Path accessLog;

    /** All heads of an answer; the last one has the body. */
    private static List<Answer> heads(Client client) throws IOException {
        List<Answer> heads = new ArrayList<>();
        do {
            heads.add(client.head());
        } while (heads.get(heads.size() - 1).status() < 200);
        StringBuilder text = new StringBuilder();
        for (byte[] piece = client.piece(); piece.length > 0; piece = client.piece()) {
            text.append(new String(piece, StandardCharsets.ISO_8859_1));
        }
        Answer last = heads.remove(heads.size() - 1);
        heads.add(new Answer(last.head(), text.toString().getBytes(StandardCharsets.ISO_8859_1)));
        return heads;
    }

    private List<Answer> heads(Protocol protocol, String query) throws IOException {
        try (Client client = connect(protocol)) {
            return heads(client.get("/api/hints?" + query));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theyReachTheClientBeforeTheHeadOfTheAnswerIsMade(Protocol protocol) throws IOException {
        try (Side side = new Side();
                Client client = connect(protocol)) {
            client.get("/api/hints?how=plain&" + side.query());
            Answer hints = client.head();
            side.await("waits");
            side.open("gate");
            Answer answer = client.answer();

            assertEquals(103, hints.status());
            assertEquals(LINK, hints.header("Link"));
            assertEquals("yes", hints.header("X-Likely"));
            assertNull(hints.header("Content-Length"));
            assertNull(hints.header("Date"));
            assertEquals(200, answer.status());
            assertEquals(List.of(LINK), answer.headers("Link"), "PHP keeps them for the answer");
            assertEquals("1", answer.text());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "many, 8, 20",
        "same, 1, 2",
        "most, 1, 1",
        "large, 0, 3",
        "other, 0, 333",
        "symfony, 1, 1",
        "buffered, 1, 'buffered 1'",
        "late, 0, 'late 3'",
        "status, 0, 0",
        "finish, 1, 1"
    })
    void whatIsSentAndWhatTheFunctionReturns(String how, int hints, String text) throws IOException {
        for (Protocol protocol : Protocol.values()) {
            List<Answer> heads = heads(protocol, "how=" + how);

            assertEquals(hints, heads.size() - 1, protocol + " " + heads);
            heads.subList(0, hints).forEach(head -> assertEquals(103, head.status()));
            assertEquals(text, heads.get(hints).text());
            int status = how.equals("symfony") ? 201 : how.equals("status") ? 203 : 200;
            assertEquals(status, heads.get(hints).status());
        }
    }

    @ParameterizedTest
    @EnumSource
    void fieldsThatNoAnswerHasAreNotInThem(Protocol protocol) throws IOException {
        Answer hints = heads(protocol, "how=connection").get(0);

        assertEquals(103, hints.status());
        List<String> names = hints.head().stream()
                .skip(1)
                .map(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT))
                .filter(name -> !name.equals("x-powered-by"))
                .toList();
        assertEquals(List.of("link", "x-odd"), names);
        assertEquals("; PHP message: relais-finish; rel=\"x\"", hints.header("X-Odd"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"forged", "broken"})
    void noOutputAndNoMessageOfAScriptBecomesOne(String how) throws IOException {
        List<Answer> heads = heads(Protocol.HTTP_1_1, "how=" + how);

        assertEquals(1, heads.size());
        assertEquals(200, heads.get(0).status());
    }

    @Test
    void theirMarkIsInNoLog() throws IOException {
        try (LogLines log = new LogLines()) {
            for (String how : List.of("plain", "most", "many", "broken", "finish")) {
                heads(Protocol.HTTP_1_1, "how=" + how);
            }
            await().until(this::isWhole);
            get("/api/log");
            await().until(() -> log.lines().anyMatch(line -> line.contains("from stderr")));

            assertEquals(
                    List.of(),
                    log.lines().filter(line -> line.contains("relais-hints")).toList());
        }
    }

    @Test
    void aClientOfHttp10NeverGetsOne() throws IOException {
        try (RawClient client = connect()) {
            Answer answer = client.send("GET /api/hints?how=plain HTTP/1.0\r\nHost: localhost\r\n\r\n")
                    .answer();

            assertEquals(200, answer.status());
            assertEquals(LINK, answer.header("Link"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theAnswerToHeadHasThemToo(Protocol protocol) throws IOException {
        try (Client client = connect(protocol)) {
            client.request("HEAD", "/api/hints?how=plain");

            assertEquals(103, client.head().status());
            assertEquals(200, client.head().status());
        }
    }

    @Test
    void pipelinedRequestsGetTheirOwnInOrder() throws IOException {
        try (RawClient client = connect()) {
            StringBuilder requests = new StringBuilder();
            for (String how : List.of("plain", "late", "same", "plain")) {
                requests.append("GET /api/hints?how=").append(how).append(" HTTP/1.1\r\nHost: localhost\r\n\r\n");
            }
            client.send(requests.toString());

            assertEquals("yes", client.answerHead().header("X-Likely"));
            assertEquals("1", client.answer().text());
            assertEquals("late 3", client.answer().text());
            assertEquals(103, client.answerHead().status());
            assertEquals("2", client.answer().text());
            assertEquals(103, client.answerHead().status());
            assertEquals("1", client.answer().text());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRunThatIsRepeatedDoesNotRepeatThem(Protocol protocol) throws IOException {
        try (Side side = new Side()) {
            side.open("gate");
            List<Answer> heads = heads(protocol, "how=again&" + side.query());

            assertTrue(side.has("first"));
            assertEquals(2, heads.size(), heads::toString);
            assertEquals(103, heads.get(0).status());
            assertEquals("1", heads.get(1).text());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKeptAnswerComesWithoutThem(Protocol protocol) throws IOException {
        String query = "how=kept&" + protocol;
        assertEquals(2, heads(protocol, query).size());

        await().until(() -> {
            List<Answer> heads = heads(protocol, query);
            boolean hit = heads.get(heads.size() - 1).header("Cache-Status").startsWith("Relais; hit");
            assertEquals(hit ? 1 : 2, heads.size());
            return hit;
        });
    }

    @ParameterizedTest
    @EnumSource
    void aProblemMayFollowThem(Protocol protocol) throws IOException {
        List<Answer> heads = heads(protocol, "how=file");

        assertEquals(2, heads.size());
        assertTrue(heads.get(1).status() >= 400, heads::toString);
        assertNull(heads.get(1).header("Link"));
    }

    @ParameterizedTest
    @EnumSource
    void aClientMayLeaveAfterThem(Protocol protocol) throws IOException {
        try (Side side = new Side()) {
            try (Client client = connect(protocol)) {
                client.get("/api/hints?how=plain&" + side.query());
                assertEquals(103, client.head().status());
                side.await("waits");
                client.cancel();
            }
            side.open("gate");
            poolBecomesWhole(); // before the side goes
        }
        assertEquals(200, get("/api/hello").status());
    }

    @Test
    void theAccessLogHasTheStatusOfTheAnswer() throws IOException {
        String id = heads(Protocol.HTTP_1_1, "how=plain").get(1).header("X-Request-Id");
        assertNotNull(id);

        Optional<JsonObject> line = await().until(() -> line(id), Optional::isPresent);
        assertEquals(200, line.orElseThrow().getInteger("status"));
        assertFalse(line.orElseThrow().encode().contains("103,"));
    }

    private Optional<JsonObject> line(String id) throws IOException {
        return Files.readAllLines(accessLog).stream()
                .filter(line -> line.contains(id))
                .map(JsonObject::new)
                .findFirst();
    }
}
