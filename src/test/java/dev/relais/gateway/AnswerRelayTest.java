package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.http.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How an answer is passed on, and what happens when the script, its exchange or its body fails. */
class AnswerRelayTest extends AnswerRelayFixture {
    @Test
    void passesOnWhatComesAndEndsWithTheExchange() {
        head(201, "X-One", "1");
        read("first ");
        assertEquals("first ", client.body());
        read("second");
        relay.onEnd(0);

        assertEquals("first second", client.body());
        assertEquals(201, client.status());
        assertEquals("1", client.header("X-One"));
        assertTrue(client.isEnded());
        assertEquals(List.of("begins", "ended 201"), told);
        assertEquals(List.of(), exchange);
    }

    @Test
    void whatComesWithItsEndGoesOutWhole() {
        head(200);
        body("all of it");
        relay.onEnd(0);
        assertEquals("all of it", client.body());
        assertEquals(List.of("begins", "ended 200"), told);
    }

    @Test
    void isCompleteWithItsAnnouncedLengthWhateverTheScriptStillDoes() {
        head(200, "Content-Length", "3");
        read("abcd");
        assertEquals("abc", client.body());
        assertTrue(client.isEnded());
        assertEquals(List.of("whole"), exchange);
        assertEquals(List.of("begins", "ended 200 before its script"), told);

        read("dropped");
        relay.onEnd(0);
        assertEquals("abc", client.body());
        assertEquals("released", told.get(2));
    }

    @Test
    void isCompleteAtTheScriptsWord() {
        head(200);
        body("answer");
        relay.onFinished();
        assertTrue(client.isEnded());
        assertEquals(List.of("begins", "ended 200 before its script"), told);
        relay.onFinished();
        relay.onEnd(0);
        assertEquals(List.of("begins", "ended 200 before its script", "released"), told);
    }

    @Test
    void aScriptThatFailsAfterItsAnswerEndsNothingButItsBody() {
        head(200);
        relay.onFinished();
        half = false;
        relay.onFailure(LOST);
        assertEquals(List.of("begins", "ended 200 before its script", "released"), told);
        assertFalse(client.isReset());
    }

    @Test
    void aBodyThatBreaksOffIsToldToAScriptThatStillWorks() {
        head(200);
        relay.bodyEnded(true);
        assertEquals(List.of(), exchange, "the answer is not complete, so another rule holds");
        relay.onFinished();
        relay.bodyEnded(false);
        assertEquals(List.of(), exchange);
        relay.bodyEnded(true);
        assertEquals(List.of("body broke off"), exchange);
        relay.onEnd(0);
        relay.bodyEnded(true);
        assertEquals(List.of("body broke off"), exchange, "it has ended");
    }

    @Test
    void anAnswerThatIsShorterThanItSaysIsCorrectedOrBrokenOff() {
        head(200, "Content-Length", "9");
        body("abc");
        relay.onEnd(0);
        assertEquals("3", client.header("Content-Length"));
        assertFalse(client.isReset());
    }

    @Test
    void anAnswerThatIsShorterThanItHasSaidIsBrokenOff() {
        head(200, "Content-Length", "9");
        read("abc");
        relay.onEnd(0);
        assertTrue(client.isReset());
        assertEquals(List.of("begins", "ended 200"), told);
    }

    @Test
    void anExchangeThatFailsIsTheProblemOfTheInvocation() {
        head(200);
        relay.onFailure(new ExchangeFailure.TimedOut("in a test"));
        assertEquals(List.of("begins", "failed TIMEOUT"), told);
        relay.onEnd(0);
        assertEquals(List.of("begins", "failed TIMEOUT", "released"), told);
    }

    @Test
    void aFaultBeforeAnyExchangeEndsTheInvocation() {
        unused().abandon(Problem.INTERNAL);
        assertEquals(List.of("failed INTERNAL"), told);
        assertEquals(List.of(), exchange);
    }

    @Test
    void anExchangeThatFailsUnseenMayBeReplaced() {
        again = true;
        head(500, "X-Lost", "1");
        body("lost");
        relay.onFailure(LOST);
        assertEquals(List.of("begins", "again"), told);

        relay.begin(new Exchanged(), "scripted", 0);
        head(200);
        read("found");
        relay.onEnd(0);
        assertEquals("found", client.body());
        assertEquals(null, client.header("X-Lost"));
        assertEquals(List.of("begins", "again", "begins", "ended 200"), told);
    }

    @Test
    void anExchangeOfWhichTheClientHasSeenSomethingIsNotReplaced() {
        again = true;
        head(200);
        read("seen");
        relay.onFailure(LOST);
        assertEquals(List.of("begins", "failed FUNCTION_FAILED"), told);
    }

    @Test
    void aFileInPlaceOfItsBodyIsTheInvocationsToSend() {
        head(200, "X-Sendfile", "/a/file");
        read("dropped");
        relay.onFinished();
        relay.onEnd(0);
        assertEquals(List.of("file X-Sendfile", "released"), told);
        assertFalse(client.isHeadWritten());
    }

    @Test
    void aMissingScriptIsLookedForBeforeAnythingIsSaid() {
        again = true;
        head(404);
        body("File not found.\n");
        relay.onEnd(0);
        assertEquals(List.of("begins", "missing"), told);
        assertFalse(client.isHeadWritten());

        relay.answerStands();
        assertEquals("File not found.\n", client.body());
        assertEquals("ended 404", told.get(2));
    }

    @Test
    void aScriptThatIsMissingForGoodIsAnswered() {
        head(404);
        body("File not found.\n");
        relay.onEnd(0);
        assertEquals(List.of("begins", "missing", "ended 404"), told);
    }
}
