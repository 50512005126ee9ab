package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.EmbeddedChild;
import dev.relais.fastcgi.Wire;
import dev.relais.http.HeadWriters;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is answered by a child, and what is refused before one is asked. */
class InvocationTest extends InvocationFixture {
    private final Caller caller = new Caller();

    private void isRefused(int status, String problem) {
        assertEquals(status, caller.client.status());
        assertTrue(caller.client.body().contains("urn:relais:problem:" + problem), caller.client.body());
        assertTrue(caller.client.isEnded());
        noneIsCalled();
        allIsOver(status);
    }

    @Test
    void theAnswerOfAChildGoesToTheClientAndTheChildIsFreeAgain() {
        caller.calls();
        EmbeddedChild child = called();
        assertTrue(request.contains("/srv/scripted.php"), request);
        assertEquals(1, gateway().inFlight());
        assertEquals(1, running());
        assertEquals(List.of(), statuses);
        sends(child, Wire.answer("hello"));
        assertEquals(200, caller.client.status());
        assertEquals("hello", caller.client.body());
        assertNull(caller.client.header("Connection"));
        assertTrue(caller.client.isEnded());
        allIsOver(200);
    }

    @Test
    void anAnswerIsPassedOnAsItComes() {
        caller.calls();
        EmbeddedChild child = called();
        sends(child, Wire.stdout("Status: 201 Made\r\n\r\nfirst,"));
        assertEquals(201, caller.client.status());
        assertEquals("first,", caller.client.body());
        assertFalse(caller.client.isEnded());
        sends(child, Wire.stdout("second"));
        sends(child, Wire.end(0, 0));
        assertEquals("first,second", caller.client.body());
        assertTrue(caller.client.isEnded());
        allIsOver(201);
    }

    @Test
    void aScriptThatGoesOnAfterItsAnswerKeepsItsChildButNotItsClient() {
        caller.calls();
        EmbeddedChild child = called();
        sends(child, Wire.stdout("\r\nhello"), Wire.stderr("PHP message: relais-finish nonce"));
        assertEquals("hello", caller.client.body());
        assertTrue(caller.client.isEnded());
        assertEquals(List.of(200), statuses);
        assertEquals(0, gateway().inFlight());
        assertEquals(1, running());
        sends(child, Wire.end(0, 0));
        allIsOver(200);
    }

    @Test
    void aBodyIsGatheredBeforeAChildIsTaken() {
        caller.client.announces(5);
        caller.calls();
        caller.client.sends("hel");
        noneIsCalled();
        caller.client.sends("lo");
        caller.client.hasSent();
        EmbeddedChild child = called();
        assertTrue(request.contains("CONTENT_LENGTH5"), request);
        assertTrue(request.contains("hello"), request);
        sends(child, Wire.answer("taken"));
        assertEquals("taken", caller.client.body());
        allIsOver(200);
    }

    @Test
    void aBodyThatIsStreamedIsAskedForOnceAChildTakesIt() {
        settings = settings.toBuilder().streamsBody(true).build();
        caller.client.announces(5);
        caller.calls();
        EmbeddedChild child = called();
        assertTrue(caller.client.maySend());
        caller.client.sends("hel");
        caller.client.sends("lo");
        caller.client.hasSent();
        String body = child.received();
        assertTrue(body.contains("hel") && body.contains("lo"), body);
        sends(child, Wire.answer("taken"));
        assertEquals("taken", caller.client.body());
        allIsOver(200);
    }

    @Test
    void aTargetWithoutAFunctionIsRefused() {
        caller.client.asks(HttpMethod.GET, "/api/another");
        caller.calls();
        isRefused(404, "function-not-found");
    }

    @Test
    void aMethodThatTheFunctionDoesNotTakeIsRefusedWithThoseThatItTakes() {
        settings = settings.toBuilder().methods(List.of("GET")).build();
        caller.client.asks(HttpMethod.DELETE, "/api/scripted");
        caller.calls();
        assertEquals("GET, HEAD", caller.client.header("Allow"));
        isRefused(405, "method-not-allowed");
    }

    @Test
    void aMalformedHeadIsTheLastOfItsConnection() {
        caller.client.request.headers().remove("Host");
        caller.calls();
        assertEquals("close", caller.client.header("Connection"));
        assertTrue(caller.client.isClosed());
        isRefused(400, "malformed-request");
    }

    @Test
    void aFunctionThatKillsItsProcessesIsRefusedBeforeItsBodyIsAskedFor() {
        poison();
        caller.client.announces(5);
        caller.calls();
        assertEquals("60", caller.client.header("Retry-After"));
        assertEquals("close", caller.client.header("Connection"), "the body would be taken for the next request");
        isRefused(503, "poisoned");
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        caller.client.announces(1_001);
        caller.calls();
        isRefused(413, "body-too-large");
    }

    @Test
    void aFieldThatIsTooLargeForPhpIsRefusedAndTheChildGivenBack() {
        caller.client.request.headers().set("X-Large", "x".repeat(65_001));
        caller.calls();
        isRefused(431, "header-too-large");
    }

    @Test
    void theAnswerOfAGatewayThatStopsIsTheLastOfItsConnection() {
        caller.calls();
        phase.drain();
        sends(called(), Wire.answer("hello"));
        assertEquals("close", caller.client.header("Connection"));
        assertTrue(caller.client.isClosed());
        allIsOver(200);
    }

    @Test
    void aFaultOfTheGatewayEndsTheInvocationAndGivesTheChildBack() throws Exception {
        heads = HeadWriters.with(List.of((request, head, fields) -> {
            throw new IllegalStateException("on purpose");
        }));
        caller.calls();
        EmbeddedChild child = called();
        sends(child, Wire.answer("hello"));
        assertTrue(caller.client.isReset(), "the client may have a part of the head");
        assertEquals(List.of(500), statuses);
        assertEquals(0, gateway().inFlight());
        if (!child.isOpen()) {
            renew(child);
        }
        allIsOver(500);
    }
}
