package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.RecordedExchange;
import dev.relais.fastcgi.Stdin;
import dev.relais.testing.Patience;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A lost connection is a crash only when its process has ended because of what it ran. */
class SlotCrashTest extends SlotFixture {
    private void killAndRenewProcess() throws Exception {
        php.destroyForcibly().waitFor();
        renewProcess();
    }

    @Test
    void tellsThatItsProcessWasKilledOnceAnotherOneAnswers() throws Exception {
        attach();
        mayProve.drainPermits();
        RecordedExchange answer = stall(60_000);
        killAndRenewProcess();
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

    /** When several connections break at once, their processes answer the new ones in any order. */
    @Test
    void aLostConnectionIsNoCrashWhenAnotherProcessAnswersWhileItsOwnLives() throws Exception {
        attach();
        stall(60_000);
        renewProcess();
        peer.cut();
        awaitFreed();
        assertEquals(0, crashes.get());
    }

    /** The script may be silent until its time limit ends it. */
    @Test
    void aRunThatItsClientLeftIsNoCrashThoughItsProcessEnds() throws Exception {
        attach();
        mayProve.drainPermits();
        RecordedExchange answer = stall(60_000);
        loop.submit(() -> slot.abandon(answer)).sync();
        killAndRenewProcess();
        mayProve.release(100);
        awaitFreed();
        assertEquals(0, crashes.get());
    }

    @Test
    void anUploadThatItsClientBrokeOffIsNoCrashThoughItsProcessIsEnded() throws Exception {
        attach();
        Process first = php;
        renewProcess();
        RecordedExchange answer = new RecordedExchange();
        assertTrue(on(() -> exchange(answer, new NeverArriving(), 60_000)));
        loop.submit(() -> slot.abandon(answer)).sync();
        assertTrue(first.waitFor(Patience.SECONDS, TimeUnit.SECONDS));
        peer.cut();
        awaitFreed();
        assertEquals(0, crashes.get());
    }

    /** When a master is lost, all its children end, whatever they ran. */
    @Test
    void aLostMasterIsNoCrash() throws Exception {
        attach();
        RecordedExchange answer = stall(60_000);
        peer.close();
        assertInstanceOf(ExchangeFailure.ConnectionLost.class, answer.await());
        worker.detach(true);
        killAndRenewProcess();
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

    /** A background job of the script may hold the socket, so that the connection is not closed. */
    @Test
    void aProcessThatIsGoneIsACrashAtOnceThoughItsConnectionStaysOpen() throws Exception {
        attach();
        RecordedExchange answer = stall(60_000);
        long pid = php.pid();
        killAndRenewProcess();
        worker.onExit(pid);
        assertInstanceOf(ExchangeFailure.ConnectionLost.class, answer.await());
        awaitFreed();
        assertEquals(1, crashes.get());
        serves();
    }

    @Test
    void anIdleProcessThatIsGoneIsReplacedThoughItsConnectionStaysOpen() throws Exception {
        attach();
        on(slot::release);
        killAndRenewProcess();
        slot.connection().look(); // as the watch does, without a line of the master
        awaitFreed();
        assertEquals(php.pid(), slot.pid());
        assertEquals(0, crashes.get());
    }

    @Test
    void aProcessThatLivesIsNotGoneWhateverTheLogSays() throws Exception {
        attach();
        worker.onExit(php.pid());
        slot.connection().look();
        serves();
        assertEquals(php.pid(), slot.pid());
    }

    private static final class NeverArriving implements Stdin {
        @Override
        public long length() {
            return 1_000;
        }

        @Override
        public int available() {
            return 0;
        }

        @Override
        public Object next(int length) {
            throw new IllegalStateException("nothing has arrived");
        }
    }
}
