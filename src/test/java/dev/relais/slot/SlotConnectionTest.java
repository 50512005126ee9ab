package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.RecordedExchange;
import dev.relais.testing.Patience;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Connections that break and are opened again at any moment. Afterwards the slot is free exactly once. */
class SlotConnectionTest extends SlotFixture {
    private void publish() throws Exception {
        assertTrue(on(slot::release));
        assertEquals(0, worker.busy());
    }

    private void cut() throws Exception {
        peer.cut();
        Awaitility.await().until(() -> worker.proven() == 0);
    }

    @Test
    void isNotClaimableWhileItsConnectionIsBrokenAndFreedOnceWhenMended() throws Exception {
        attach();
        publish();
        mayProve.drainPermits();
        cut();
        assertNull(worker.tryClaim(0));
        mayProve.release(100);
        awaitFreed();
        serves();
        assertTrue(freed.isEmpty());
    }

    @Test
    void staysTheClaimersWhenMendedBetweenClaimAndExchange() throws Exception {
        attach();
        publish();
        assertSame(slot, worker.tryClaim(0));
        renewProcess();
        peer.cut();
        Awaitility.await().until(() -> slot.pid() == php.pid());
        on(() -> null); // the loop is done with that event
        assertTrue(freed.isEmpty());
        serves();
    }

    @Test
    void isFreedWhenMendedAfterTheClaimerWasRefused() throws Exception {
        attach();
        publish();
        assertSame(slot, worker.tryClaim(0));
        mayProve.drainPermits();
        cut();
        assertFalse(on(() -> exchange(new RecordedExchange(), 1_000)));
        mayProve.release(100);
        awaitFreed();
        serves();
    }

    @Test
    void isFreedWhenMendedAfterAnUnusedClaimWasGivenBack() throws Exception {
        attach();
        publish();
        assertSame(slot, worker.tryClaim(0));
        mayProve.drainPermits();
        cut();
        assertFalse(on(slot::release));
        mayProve.release(100);
        awaitFreed();
        serves();
    }

    /** The channel is closed, but the slot has not been told yet. Such a slot was once lost for ever. */
    @Test
    void isFreedAgainWhenItsConnectionBrokeUnheard() throws Exception {
        attach();
        CompletableFuture<Boolean> sent = new CompletableFuture<>();
        loop.execute(() -> {
            worker.detach(false);
            loop.execute(() -> sent.complete(exchange(new RecordedExchange(), 1_000)));
        });
        assertFalse(sent.get(Patience.SECONDS, TimeUnit.SECONDS));
        worker.attach(peer.socket());
        awaitFreed();
        serves();
    }

    /** The second detach once forgot what the first had withdrawn. */
    @Test
    void isFreedAgainAfterTwoDetachesAtOnce() throws Exception {
        attach();
        publish();
        loop.execute(() -> {
            worker.detach(true);
            worker.detach(false);
        });
        Awaitility.await().until(() -> worker.proven() == 0);
        worker.attach(peer.socket());
        awaitFreed();
        serves();
    }
}
