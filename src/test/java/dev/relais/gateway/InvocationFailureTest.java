package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.EmbeddedChild;
import dev.relais.fastcgi.Wire;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A child does not answer in time, dies or sends what is no answer: before its head and after it, and what is run again. */
class InvocationFailureTest extends InvocationFixture {
    private final Caller caller = new Caller();

    private void isIdempotent() {
        settings = settings.toBuilder().idempotent(true).build();
    }

    private void hasFailed(int status, String problem) {
        assertEquals(status, caller.client.status());
        assertTrue(caller.client.body().contains("urn:relais:problem:" + problem), caller.client.body());
        assertEquals(List.of(status), statuses);
        assertEquals(0, gateway().inFlight());
        noneIsCalled();
    }

    private void isBrokenOff(int status) {
        assertTrue(caller.client.isReset());
        assertFalse(caller.client.isEnded());
        assertEquals(List.of(status), statuses);
        assertEquals(0, gateway().inFlight());
        noneIsCalled();
    }

    @Test
    void aScriptThatTakesTooLongIsEnded() throws Exception {
        caller.calls();
        EmbeddedChild child = called();
        pass(TIMEOUT - 1);
        assertTrue(child.isOpen());
        pass(1);
        assertFalse(child.isOpen());
        hasFailed(504, "timeout");
        renew(child);
        allIsOver(504);
    }

    @Test
    void ofAScriptThatTakesTooLongTheAnswerIsBrokenOffOnceItHasBegun() throws Exception {
        caller.calls();
        EmbeddedChild child = called();
        sends(child, Wire.stdout("\r\nhalf"));
        pass(TIMEOUT);
        assertEquals("half", caller.client.body());
        isBrokenOff(504);
        renew(child);
        allIsOver(504);
    }

    @Test
    void whatAChildHasNotTakenIsRunByAnother() throws Exception {
        children.forEach(EmbeddedChild::stop);
        caller.calls();
        EmbeddedChild dead = children.get(worker.worker().isFree(0) ? 1 : 0);
        EmbeddedChild other = children.get(worker.worker().isFree(0) ? 0 : 1);
        noneIsCalled();
        other.goesOn();
        dies(dead);
        assertEquals(other, called());
        assertEquals(List.of(), statuses);
        sends(other, Wire.answer("again"));
        assertEquals("again", caller.client.body());
        renew(dead);
        allIsOver(200);
    }

    @Test
    void whatAChildMayHaveBegunIsNotRunAgain() throws Exception {
        caller.calls();
        EmbeddedChild dead = called();
        dies(dead);
        hasFailed(502, "function-failed");
        renew(dead);
        allIsOver(502);
    }

    @Test
    void whatMayRunTwiceIsRunAgainOnceByAnother() throws Exception {
        isIdempotent();
        caller.calls();
        EmbeddedChild first = called();
        dies(first);
        EmbeddedChild second = called();
        assertNotSame(first, second);
        dies(second);
        hasFailed(502, "function-failed");
        renew(first);
        renew(second);
        allIsOver(502);
    }

    @Test
    void whatIsRunAgainHasItsBodyOnceMore() throws Exception {
        isIdempotent();
        caller.client.announces(5);
        caller.calls();
        caller.client.sends("hello");
        caller.client.hasSent();
        EmbeddedChild first = called();
        dies(first);
        EmbeddedChild second = called();
        assertTrue(request.contains("hello"), request);
        sends(second, Wire.answer("again"));
        assertEquals("again", caller.client.body());
        renew(first);
        allIsOver(200);
    }

    @Test
    void whatIsRunAgainWaitsForAChildAndHasNoMoreTimeThanAtFirst() throws Exception {
        isIdempotent();
        Caller earlier = new Caller().calls();
        EmbeddedChild busy = called();
        caller.calls();
        EmbeddedChild first = called();
        pass(3 * SECOND);
        dies(first);
        assertEquals(1, room.length());
        sends(busy, Wire.answer("earlier"));
        assertEquals("earlier", earlier.client.body());
        assertEquals(busy, called());
        pass(TIMEOUT - 3 * SECOND);
        assertEquals(504, caller.client.status());
        assertEquals(List.of(200, 504), statuses);
        renew(first);
        renew(busy);
        allIsOver(200, 504);
    }

    @Test
    void whatWasBegunAndFindsNoOtherChildIsNotSaidToHaveBeenRefused() throws Exception {
        isIdempotent();
        settings = settings.toBuilder().timeoutMillis(60_000).build();
        new Caller().calls();
        EmbeddedChild busy = called();
        caller.calls();
        EmbeddedChild first = called();
        dies(first);
        pass(MAX_WAIT);
        assertEquals(502, caller.client.status());
        assertTrue(caller.client.body().contains("function-failed"), caller.client.body());
        sends(busy, Wire.answer("earlier"));
        renew(first);
        allIsOver(502, 200);
    }

    @Test
    void anAnswerThatHasBegunIsBrokenOffAndNotRunAgain() throws Exception {
        isIdempotent();
        caller.calls();
        EmbeddedChild dead = called();
        sends(dead, Wire.stdout("\r\nhalf"));
        dies(dead);
        isBrokenOff(502);
        renew(dead);
        allIsOver(502);
    }

    /** So a stream of events begins before its first event. */
    @Test
    void aHeadAloneIsWrittenAtOnceAndIsAnAnswerThatHasBegun() throws Exception {
        isIdempotent();
        caller.calls();
        EmbeddedChild dead = called();
        sends(dead, Wire.stdout("Status: 201 Made\r\nX-First: 1\r\n\r\n"));
        assertTrue(caller.client.isHeadWritten());
        assertEquals("1", caller.client.header("X-First"));
        dies(dead);
        isBrokenOff(502);
        renew(dead);
        allIsOver(502);
    }

    @Test
    void whatIsNoAnswerIsNotRunAgain() throws Exception {
        isIdempotent();
        caller.calls();
        EmbeddedChild child = called();
        child.writes("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertFalse(child.isOpen());
        hasFailed(502, "invalid-answer");
        renew(child);
        allIsOver(502);
    }

    @Test
    void aScriptThatIsMissingAndNowhereElseIsAnsweredAsPhpDoes() {
        caller.calls();
        sends(called(), Wire.stdout("Status: 404 Not Found\r\n\r\nFile not found.\n"), Wire.end(0, 0));
        assertEquals(404, caller.client.status());
        assertEquals("File not found.\n", caller.client.body());
        allIsOver(404);
    }
}
