package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.RecordedExchange;
import dev.relais.fastcgi.ScriptedPeer;
import dev.relais.fastcgi.Wire;
import dev.relais.testing.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A resident child whose two connections end in any order. */
class ResidentLinkTest extends ResidentFixture {
    private static final int LAST = 2;

    @Test
    void servesOnTheConnectionThatTheApplicationOpens() throws Exception {
        ScriptedPeer.Line inner = ready(boot());
        serves(inner);
        serves(inner);
        assertEquals(1, facts.boots());
        assertEquals(2, slot.served());
        assertTrue(boots.isEmpty());
    }

    @Test
    void bootsAgainWhenItsOwnConnectionEndsFirst() throws Exception {
        Boot boot = boot();
        ready(boot).cut();
        Awaitility.await().until(() -> worker.proven() == 0);
        boot.ends();
        serves(again(boot()));
        nobodyElseIsFreed();
    }

    @Test
    void bootsAgainWhenItsScriptEndsFirst() throws Exception {
        Boot boot = boot();
        ScriptedPeer.Line inner = ready(boot);
        boot.ends();
        inner.awaitClose();
        serves(again(boot()));
        nobodyElseIsFreed();
    }

    @Test
    void startsAnewWhenTheConnectionToTheChildBreaksFirst() throws Exception {
        Boot boot = boot();
        ScriptedPeer.Line inner = ready(boot);
        renewProcess();
        boot.outer().cut();
        inner.awaitClose();
        serves(again(boot()));
        assertEquals(php.pid(), slot.pid());
        nobodyElseIsFreed();
    }

    @Test
    void theLastAnswerIsWholeAndTheSlotIsFreeOnlyAfterTheNextBoot() throws Exception {
        Boot boot = boot();
        ScriptedPeer.Line inner = ready(boot);
        RecordedExchange answer = asks(inner);
        inner.answer(Wire.join(Wire.stdout("A: b\r\n\r\nlast"), Wire.end(LAST, 0)));
        assertNull(answer.await());
        inner.awaitClose();
        nobodyElseIsFreed();
        boot.ends();
        serves(ready(boot()));
        nobodyElseIsFreed();
    }

    @Test
    void theLastAnswerIsWholeThoughTheScriptHasEndedMeanwhile() throws Exception {
        Boot boot = boot();
        ScriptedPeer.Line inner = ready(boot);
        RecordedExchange answer = asks(inner);
        CompletableFuture<Void> both = new CompletableFuture<>();
        loop.execute(
                () -> { // so that the loop finds both at once
                    try {
                        inner.answer(Wire.join(Wire.stdout("A: b\r\n\r\nlast"), Wire.end(LAST, 0)));
                        inner.cut();
                        boot.ends();
                        both.complete(null);
                    } catch (IOException e) {
                        both.completeExceptionally(e);
                    }
                });
        both.get(Patience.SECONDS, TimeUnit.SECONDS);
        assertNull(answer.await());
        serves(ready(boot()));
        nobodyElseIsFreed();
    }

    @Test
    void anExchangeFailsWhoseChildDies() throws Exception {
        Boot boot = boot();
        ScriptedPeer.Line inner = ready(boot);
        RecordedExchange answer = asks(inner);
        renewProcess();
        inner.cut();
        boot.outer().cut();
        assertInstanceOf(ExchangeFailure.ConnectionLost.class, answer.await());
        serves(ready(boot()));
        nobodyElseIsFreed();
    }

    @Test
    void staysTheClaimersWhenItBootsAnewBetweenClaimAndExchange() throws Exception {
        Boot boot = boot();
        ScriptedPeer.Line inner = ready(boot);
        assertTrue(on(slot::release));
        assertSame(slot, worker.tryClaim(0));
        inner.cut();
        boot.ends();
        ScriptedPeer.Line other = again(boot());
        nobodyElseIsFreed();
        serves(other);
    }

    @Test
    void aClaimIsRefusedWhileItBootsAndTheSlotIsFreedAfterwards() throws Exception {
        Boot boot = boot();
        ready(boot).cut();
        Awaitility.await().until(() -> worker.proven() == 0);
        assertFalse(on(() -> exchange(new RecordedExchange(), 1_000)));
        boot.ends();
        serves(ready(boot()));
        nobodyElseIsFreed();
    }

    @Test
    void whatIsKnownOfAFailedBootIsToldAndItBootsAgain() throws Exception {
        Boot boot = boot();
        boot.outer().answer(Wire.join(Wire.stderr("PHP Fatal error: none"), Wire.answer("")));
        Boot next = boot();
        assertNotEquals(boot.nonce(), next.nonce());
        assertEquals(
                "its script ended before it served: PHP Fatal error: none",
                facts.lastFailure().reason());
        serves(ready(next));
        assertEquals(1, facts.failedBoots());
    }

    @Test
    void aWorkerThatLeavesDuringABootTellsNoFailureAndGivesItsTurnBack() throws Exception {
        Boot boot = boot();
        worker.detach(true);
        Awaitility.await().until(() -> peer.connections() == 0);
        assertEquals(0, facts.failedBoots());
        assertThrows(IOException.class, () -> boot.says(hello(boot)).readBytes(1));
        worker.attach(peer.socket());
        serves(ready(boot()));
        nobodyElseIsFreed();
    }

    @Test
    void aMasterThatIsReplacedDuringABootIsLeftAlone() throws Exception {
        Boot boot = boot();
        Path other = Files.createDirectory(directory.resolve("other"));
        try (ScriptedPeer next = ScriptedPeer.start(other, this::child)) {
            renewProcess();
            worker.attach(next.socket());
            Awaitility.await().until(() -> peer.connections() == 0);
            serves(ready(boot()));
            assertEquals(php.pid(), slot.pid());
            nobodyElseIsFreed();
        }
    }

    @Test
    void nobodyGetsInWhoIsNotTheChildThatBoots() throws Exception {
        Boot boot = boot();
        for (String line : new String[] {
            "RELAIS/1 " + "0".repeat(32) + " " + php.pid() + "\n", // another nonce
            "RELAIS/1 " + boot.nonce() + " " + ProcessHandle.current().pid() + "\n", // another process
            "RELAIS/1 " + boot.nonce() + " " + php.pid() + "\n\1\3", // an answer before the request
            "RELAIS/2 " + boot.nonce() + " " + php.pid() + "\n",
            "RELAIS/1 " + boot.nonce() + "\n"
        }) {
            boot.says(line).awaitClose();
        }
        ScriptedPeer.Line inner = ready(boot);
        boot.says(hello(boot)).awaitClose(); // a second time
        serves(inner);
    }

    @Test
    void aSocketThatIsRemovedIsMadeAnew() throws Exception {
        Boot boot = boot();
        ready(boot).cut();
        Files.delete(boot.socket());
        boot.ends();
        Boot next = boot();
        assertNotEquals(boot.socket(), next.socket());
        serves(again(next));
        assertEquals(1, files());
    }

    /** A process that the boot has started holds the connection. */
    @Test
    void aProcessThatDiesWhileItBootsIsNoticedThoughItsConnectionStaysOpen() throws Exception {
        boot();
        Process dead = php;
        renewProcess();
        dead.destroyForcibly().waitFor();
        Awaitility.await().until(() -> {
            slot.connection().look();
            return !boots.isEmpty();
        });
        serves(ready(boot()));
    }
}
