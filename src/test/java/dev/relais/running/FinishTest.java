package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Functions that call {@code fastcgi_finish_request()} and work on. The answer is whole at once, and no client waits for the
 * work.
 */
@QuarkusTest
@TestProfile(RunningProfile.class)
class FinishTest extends RunningGateway {
    /** Calls a function, reads the whole answer while the script waits at its gate, and then opens the gate. */
    private Answer finish(Side side, String how) throws IOException {
        try (RawClient client = connect()) {
            client.get("/api/finish?how=" + how + "&" + side.query());
            Answer answer = client.answer();
            assertFalse(side.has("through-"), "the answer waited for the work");
            assertEquals(1, busy(), "its child is busy");
            // The connection is free for the next request, though the child is not.
            assertEquals(200, client.get("/api/hello").answer().status());
            side.open("gate");
            assertEquals(side.await("running-"), side.await("through-"));
            return answer;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "plain, answer",
        "flushed, 'one,two'",
        "flushedWithoutMore, one",
        "outputAfter, before",
        "nested, AB",
        "unremovable, kept",
        "length, answer",
        "twice, answer",
        "shutdown, answer",
        "session, answer",
        "symfony, '{\"symfony\":true}'",
        "logs, answer",
        "floodOfLogs, answer",
        "error, answer",
        "empty, ''"
    })
    void theAnswerIsWhatWasWrittenBeforeTheCall(String how, String body) throws IOException {
        try (Side side = new Side()) {
            Answer answer = finish(side, how);

            assertEquals(body, answer.text());
            assertEquals(how.equals("symfony") ? 201 : 200, answer.status());
            assertNull(answer.header("Relais-Finish"));
            if (answer.header("X-Told") != null) {
                assertEquals("yes", answer.header("X-Told"));
            }
            if (side.has("returned")) {
                assertEquals("true", Files.readString(side.path().resolve("returned")));
            }
        }
    }

    @Test
    void anAnswerInOneReadGoesOutWithItsLength() throws IOException {
        try (Side side = new Side()) {
            Answer answer = finish(side, "plain");

            assertEquals("6", answer.header("Content-Length"));
            assertEquals(6, answer.body().length);
        }
    }

    @Test
    void aRedirectKeepsItsStatusAndTarget() throws IOException {
        try (Side side = new Side()) {
            Answer answer = finish(side, "redirect");

            assertEquals(303, answer.status());
            assertEquals("/elsewhere", answer.header("Location"));
            assertEquals("", answer.text());
        }
    }

    @Test
    void anAnswerWithoutContentStaysOne() throws IOException {
        try (Side side = new Side()) {
            Answer answer = finish(side, "status204");

            assertEquals(204, answer.status());
            assertNull(answer.header("Relais-Finish"));
            assertNull(answer.header("Content-Length"));
        }
    }

    @Test
    void aBodyOverTheOutputBufferIsWhole() throws IOException {
        try (Side side = new Side()) {
            assertEquals(
                    "0123456789abcdef".repeat(20_000), finish(side, "large").text());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "empty", "large"})
    void theHeadAloneIsAnsweredAtOnceToo(String how) throws IOException {
        try (Side side = new Side();
                RawClient client = connect()) {
            client.head("HEAD /api/finish?how=" + how + "&" + side.query() + " HTTP/1.1", "Host: localhost");
            Answer answer = client.answerHead();

            assertEquals(200, answer.status());
            assertFalse(side.has("through-"));
            assertEquals(200, client.get("/api/hello").answer().status());
            side.open("gate");
            side.await("through-");
        }
    }

    @Test
    void theScriptMayReadItsBodyAfterTheAnswer() throws IOException {
        try (Side side = new Side();
                RawClient client = connect()) {
            int length = 3_000_000;
            client.head(
                    "POST /api/finish?how=body&" + side.query() + " HTTP/1.1",
                    "Host: localhost",
                    "Content-Type: application/octet-stream",
                    "Content-Length: " + length);
            client.send(new byte[length]);
            assertEquals("answer", client.answer().text());
            side.open("gate");
            side.await("through-");

            assertEquals("" + length, Files.readString(side.path().resolve("length")));
        }
    }

    @Test
    void itsSessionIsOpenToTheNextRequestMeanwhile() throws IOException {
        try (Side first = new Side();
                Side second = new Side();
                RawClient client = connect()) {
            client.get("/api/finish?how=session&" + first.query());
            assertEquals("answer", client.answer().text());
            client.get("/api/finish?how=session&" + second.query());
            assertEquals("answer", client.answer().text());
            first.open("gate");
            second.open("gate");
            first.await("through-");
            second.await("through-");
        }
    }

    @Test
    void requestsAreServedByTheOtherChildrenWhileAllWorkGoesOn() throws IOException {
        try (Side side = new Side();
                RawClient client = connect()) {
            for (int i = 0; i < 3; i++) {
                assertEquals(
                        "answer",
                        client.get("/api/finish?how=plain&" + side.query())
                                .answer()
                                .text());
            }
            assertEquals(3, busy());
            for (int i = 0; i < 20; i++) {
                assertEquals(200, client.get("/api/hello").answer().status());
            }
            assertFalse(side.has("through-"));
            side.open("gate");
            poolBecomesWhole(); // before the gate goes: those who have not seen it would wait on
        }
    }

    @Test
    void theTimeLimitEndsTheWorkAfterTheAnswer() throws Exception {
        untilProved(side -> {
            Answer answer = get("/api/limited?finish&" + side.query());
            if (hadNoTime(answer.status(), side)) {
                return false;
            }
            assertEquals("answer", answer.text());
            Side.awaitEnd(side.await("running-"));
            return true;
        });
    }

    @Test
    void aClientThatHangsUpAfterItsAnswerDoesNotEndTheWork() throws IOException {
        try (Side side = new Side()) {
            assertEquals(
                    "before", get("/api/finish?how=outputAfter&" + side.query()).text());
            side.open("gate");
            side.await("through-");
        }
    }
}
