package dev.relais.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.RecordedExchange;
import org.junit.jupiter.api.Test;

/** Which lost connection is a crash: a process that is gone because of what it ran. */
class ChildCrashTest extends ChildFixture {
    @Test
    void tellsThatItsProcessWasKilledOnceAnotherOneAnswers() throws Exception {
        attach();
        mayProve.drainPermits();
        renewProcess();
        RecordedExchange answer = stall(60_000);
        peer.cut();
        assertInstanceOf(ExchangeFailure.ConnectionLost.class, answer.await());
        assertEquals(0, crashes.get());
        mayProve.release(100);
        awaitFreed();
        assertEquals(1, crashes.get());
        serves();
        assertEquals(1, crashes.get());
    }

    @Test
    void aLostConnectionIsNoCrashWhenTheSameProcessAnswersAgain() throws Exception {
        attach();
        stall(60_000);
        peer.cut();
        awaitFreed();
        assertEquals(0, crashes.get());
    }

    /** It takes all its children along, whatever they ran. */
    @Test
    void aLostMasterIsNoCrash() throws Exception {
        attach();
        RecordedExchange answer = stall(60_000);
        peer.close();
        assertInstanceOf(ExchangeFailure.ConnectionLost.class, answer.await());
        worker.detach(true);
        renewProcess();
        attach();
        assertEquals(0, crashes.get());
    }

    @Test
    void anEndedProcessIsNoCrash() throws Exception {
        attach();
        renewProcess();
        timesOut(stall(50));
        awaitFreed();
        assertEquals(0, crashes.get());
    }
}
