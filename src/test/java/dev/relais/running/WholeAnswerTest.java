package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Client;
import dev.relais.testing.Protocol;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that are complete while their script works on. The client gets them at once, and its connection is free. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class WholeAnswerTest extends RunningGateway {
    static List<Arguments> ways() {
        List<Arguments> all = new ArrayList<>();
        for (Protocol protocol : Protocol.values()) {
            for (String how : List.of("length", "pieces", "beyond")) {
                all.add(Arguments.of(protocol, "GET", how, 200, "answer"));
            }
            all.add(Arguments.of(protocol, "GET", "zero", 200, ""));
            all.add(Arguments.of(protocol, "HEAD", "head", 200, ""));
            all.add(Arguments.of(protocol, "HEAD", "length", 200, ""));
            for (int status : new int[] {204, 205, 304}) {
                all.add(Arguments.of(protocol, "GET", "status&status=" + status, status, ""));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("ways")
    void theClientHasItAtOnceAndTheScriptWorksOn(Protocol protocol, String method, String how, int status, String body)
            throws IOException {
        try (Side side = new Side();
                Client client = connect(protocol)) {
            client.request(method, "/api/whole?how=" + how + "&" + side.query());
            Answer answer = method.equals("HEAD") ? client.head() : client.answer();

            assertEquals(status, answer.status());
            assertEquals(body, answer.text());
            assertEquals(how.equals("head") ? "1" : null, answer.header("X-Head"));
            assertFalse(side.has("through-"), "the answer waited for the work");
            // The connection is free for the next request, though the child is not.
            assertEquals(200, client.get("/api/hello").answer().status());
            assertEquals(1, busy(), "its child is busy");
            side.open("gate");
            assertEquals(side.await("running-"), side.await("through-"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatLeavesWithItsAnswerDoesNotEndTheWork(Protocol protocol) throws IOException {
        try (Side side = new Side()) {
            try (Client client = connect(protocol)) {
                assertEquals(
                        "answer",
                        client.get("/api/whole?how=length&" + side.query())
                                .answer()
                                .text());
            }
            side.open("gate");
            assertEquals(side.await("running-"), side.await("through-"));
        }
    }

    /** PHP was held back for the client and is not any more, so it works on while the client reads. */
    @ParameterizedTest
    @EnumSource
    void aSlowReaderDoesNotHoldTheWorkUpOnceAllOfItsAnswerIsHere(Protocol protocol) throws IOException {
        try (Side side = new Side();
                Client client = connect(protocol, 16 * 1024)) {
            client.get("/api/whole?how=large&" + side.query());
            client.head();
            side.open("gate");
            assertEquals(side.await("running-"), side.await("through-"));
            await().until(this::isWhole);

            LargeAnswer.read(client, 12);
        }
    }

    @Test
    void aConnectionThatIsToCloseClosesWithTheAnswer() throws IOException {
        try (Side side = new Side();
                RawClient client = connect()) {
            client.head(
                    "GET /api/whole?how=length&" + side.query() + " HTTP/1.1", "Host: localhost", "Connection: close");
            assertEquals("answer", client.answer().text());
            assertTrue(client.isEnded());
            assertFalse(side.has("through-"));
            side.open("gate");
            side.await("through-");
        }
    }

    @Test
    void aHeadWithoutALengthHasNone() throws IOException {
        try (Side side = new Side();
                RawClient client = connect()) {
            side.open("gate");
            client.head("HEAD /api/whole?how=head&" + side.query() + " HTTP/1.1", "Host: localhost");
            Answer answer = client.answerHead();
            assertNull(answer.header("Content-Length"));
            assertEquals(200, client.get("/api/hello").answer().status());
            side.await("through-");
        }
    }
}
