package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.EmbeddedChild;
import dev.relais.fastcgi.Wire;
import dev.relais.functions.OnAbort;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The client hangs up while a script runs for it, before, and after. While it waits: {@link InvocationWaitTest}. */
class InvocationClientGoneTest extends InvocationFixture {
    private final Caller caller = new Caller();

    private void rule(OnAbort rule) {
        settings = settings.toBuilder().onAbort(rule).build();
    }

    /** The invocation is over, whatever becomes of its script. */
    private void isCounted() {
        assertEquals(List.of(499), statuses);
        assertEquals(0, gateway().inFlight());
        assertFalse(caller.client.isEnded());
    }

    @Test
    void beforeItsBodyIsWholeNoChildIsAsked() {
        caller.client.announces(5);
        caller.calls();
        caller.client.sends("hel");
        caller.hangsUp();
        isCounted();
        noneIsCalled();
        allIsOver(499);
    }

    @Test
    void beforeTheHeadTheScriptRunsToItsEndSinceItMayBeChangingSomething() {
        caller.calls();
        EmbeddedChild child = called();
        caller.hangsUp();
        assertEquals(List.of(), statuses);
        assertEquals(1, gateway().inFlight());
        assertTrue(child.isOpen());
        sends(child, Wire.answer("too late"));
        assertEquals("", caller.client.body());
        isCounted();
        allIsOver(499);
    }

    @Test
    void beforeTheHeadTheScriptIsEndedWhereTheFunctionSaysSo() throws Exception {
        rule(OnAbort.END);
        caller.calls();
        EmbeddedChild child = called();
        caller.hangsUp();
        assertFalse(child.isOpen());
        isCounted();
        renew(child);
        allIsOver(499);
    }

    @Test
    void afterTheHeadTheConnectionToTheChildIsClosedSoThatItsNextOutputEndsTheScript() throws Exception {
        caller.calls();
        EmbeddedChild child = called();
        sends(child, Wire.stdout("\r\nfirst"));
        caller.hangsUp();
        assertFalse(child.isOpen());
        isCounted();
        renew(child);
        allIsOver(499);
    }

    @Test
    void afterTheHeadTheScriptFinishesWhereTheFunctionSaysSo() {
        rule(OnAbort.FINISH);
        caller.calls();
        EmbeddedChild child = called();
        sends(child, Wire.stdout("\r\nfirst"));
        caller.hangsUp();
        assertTrue(child.isOpen());
        assertEquals(1, gateway().inFlight());
        sends(child, Wire.stdout(", last"), Wire.end(0, 0));
        assertEquals("first", caller.client.body());
        isCounted();
        allIsOver(499);
    }

    @Test
    void whatIsLostWithoutAClientIsNotRunAgain() throws Exception {
        settings = settings.toBuilder().idempotent(true).build();
        caller.calls();
        EmbeddedChild dead = called();
        caller.hangsUp();
        dies(dead);
        noneIsCalled();
        isCounted();
        renew(dead);
        allIsOver(499);
    }

    @Test
    void whatRunsTooLongWithoutAClientIsEnded() throws Exception {
        caller.calls();
        EmbeddedChild child = called();
        caller.hangsUp();
        pass(TIMEOUT);
        assertFalse(child.isOpen());
        isCounted();
        renew(child);
        allIsOver(499);
    }

    @Test
    void afterTheAnswerNothingChanges() {
        caller.calls();
        sends(called(), Wire.answer("hello"));
        caller.hangsUp();
        assertEquals("hello", caller.client.body());
        allIsOver(200);
    }
}
