package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.EmbeddedChild;
import dev.relais.fastcgi.Wire;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Both children work for others. */
class InvocationWaitTest extends InvocationFixture {
    private final Caller caller = new Caller();
    private EmbeddedChild first;
    private EmbeddedChild second;

    @BeforeEach
    void callBoth() {
        settings = settings.toBuilder().timeoutMillis(60_000).build();
        new Caller().calls();
        first = called();
        new Caller().calls();
        second = called();
    }

    private void endBoth() {
        sends(first, Wire.answer("first"));
        sends(second, Wire.answer("second"));
        noneIsCalled();
    }

    private void isRefused(String problem) {
        assertEquals(503, caller.client.status());
        assertTrue(caller.client.body().contains(problem), caller.client.body());
        assertEquals(List.of(503), statuses);
        assertEquals(0, room.length());
    }

    @Test
    void theChildThatIsFreeFirstIsTheNextOnes() {
        caller.calls();
        noneIsCalled();
        assertEquals(1, room.length());
        pass(MAX_WAIT - 1);
        sends(second, Wire.answer("second"));
        EmbeddedChild child = called();
        assertEquals(second, child);
        assertTrue(request.contains("/srv/scripted.php"), request);
        pass(SECOND); // its wait is over, and counts no more
        sends(child, Wire.answer("third"));
        assertEquals("third", caller.client.body());
        sends(first, Wire.answer("first"));
        allIsOver(200, 200, 200);
    }

    @Test
    void whoWaitsTooLongIsRefusedAndGetsNoChildAfterThat() {
        caller.calls();
        pass(MAX_WAIT - 1);
        assertFalse(caller.client.isEnded());
        pass(1);
        isRefused("overloaded");
        assertEquals("1", caller.client.header("Retry-After"));
        endBoth();
        allIsOver(503, 200, 200);
    }

    @Test
    void aClientThatSaysHowLongItWaitsIsRefusedBeforeThat() {
        caller.client.request.headers().set("X-Request-Timeout", "2000");
        caller.calls();
        pass(2 * SECOND);
        isRefused("overloaded");
        endBoth();
        allIsOver(503, 200, 200);
    }

    @Test
    void aRoomThatIsFullRefusesAtOnce() {
        for (int i = 0; i < 3; i++) {
            new Caller().calls(); // three quarters of the room are one function's
        }
        caller.calls();
        assertEquals(503, caller.client.status());
        assertEquals(List.of(503), statuses);
        assertEquals(3, room.length());
        pass(MAX_WAIT);
        endBoth();
        allIsOver(503, 503, 503, 503, 200, 200);
    }

    @Test
    void aClientThatHangsUpWaitsNoLonger() {
        caller.calls();
        caller.hangsUp();
        assertEquals(List.of(499), statuses);
        assertEquals(0, room.length());
        assertFalse(caller.client.isHeadWritten());
        endBoth();
        allIsOver(499, 200, 200);
    }

    @Test
    void aFunctionThatHasBegunToKillItsProcessesMeanwhileIsNotRun() {
        caller.calls();
        poison();
        sends(first, Wire.answer("first"));
        noneIsCalled();
        assertTrue(caller.client.body().contains("poisoned"), caller.client.body());
        sends(second, Wire.answer("second"));
        assertEquals(1, statuses.stream().filter(status -> status == 503).count());
        assertEquals(3, statuses.size());
        assertEquals(0, room.length());
    }
}
