package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.FinishMark;
import dev.relais.fastcgi.RecordedExchange;
import dev.relais.fastcgi.ScriptedPeer;
import dev.relais.fastcgi.Wire;
import dev.relais.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A slot whose child keeps an application in memory, where the peer plays the child: its two connections end in any order. */
class ResidentLinkTest extends SlotFixture {
    private static final int LAST = 2;

    private Path sockets;
    private BootTurns turns;
    private ResidentFacts facts;
    private Residence residence;
    private final LinkedBlockingQueue<Boot> boots = new LinkedBlockingQueue<>();

    /** The boot script runs on this connection, and was told a socket and a nonce. */
    private record Boot(ScriptedPeer.Line outer, Path socket, String nonce) {
        /** The application connects, and says this. */
        ScriptedPeer.Line says(String line) throws IOException {
            ScriptedPeer.Line inner = ScriptedPeer.connect(socket);
            inner.write(line.getBytes(StandardCharsets.ISO_8859_1));
            return inner;
        }

        /** The script ends. */
        void ends() throws IOException {
            outer.answer(Wire.answer(""));
        }
    }

    @Override
    Residence residence() {
        try {
            sockets = Files.createTempDirectory("relais-link-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        turns = new BootTurns(1);
        facts = new ResidentFacts("function", new dev.relais.events.Events(), java.time.Clock.systemUTC());
        residence = new Residence(new Residence.Parts(
                Path.of("/resident.php"), sockets, bootMillis(), 4096, new FinishMark("nonce"), turns, facts));
        residence.application(Map.of("RELAIS_SCRIPT", "/worker.php"));
        return residence;
    }

    long bootMillis() {
        return TimeUnit.SECONDS.toMillis(Patience.SECONDS);
    }

    @BeforeEach
    void begin() throws Exception {
        renewProcess();
        peer = ScriptedPeer.start(directory, this::child);
        worker.attach(peer.socket());
    }

    @AfterEach
    void removeSockets() throws Exception {
        residence.close();
        Awaitility.await().until(() -> files() == 0);
        Files.delete(sockets);
    }

    private long files() throws IOException {
        try (Stream<Path> files = Files.list(sockets)) {
            return files.count();
        }
    }

    private void child(ScriptedPeer.Line line) throws Exception {
        while (true) {
            ScriptedPeer.Line.Request request = line.readRequest();
            if (request.has("/proof.php")) {
                line.answer(Wire.answer(Long.toString(php.pid())));
            } else {
                String text = new String(request.params(), StandardCharsets.ISO_8859_1);
                boots.add(new Boot(
                        line,
                        Path.of(told(text, "RELAIS_SOCKET", ".*?\\.sock")),
                        told(text, "RELAIS_NONCE", "[0-9a-f]{32}")));
            }
        }
    }

    private static String told(String params, String name, String form) {
        Matcher found = Pattern.compile(name + "(" + form + ")").matcher(params);
        assertTrue(found.find(), name);
        return found.group(1);
    }

    private Boot boot() throws InterruptedException {
        Boot boot = boots.poll(Patience.SECONDS, TimeUnit.SECONDS);
        assertNotNull(boot, "nothing boots");
        return boot;
    }

    private String hello(Boot boot) {
        return "RELAIS/1 " + boot.nonce() + " " + php.pid() + "\n";
    }

    /** The child boots, and its slot is free and the test's. */
    private ScriptedPeer.Line ready(Boot boot) throws Exception {
        ScriptedPeer.Line inner = boot.says(hello(boot));
        awaitFreed();
        return inner;
    }

    /** It boots anew, and its slot is still the test's. */
    private ScriptedPeer.Line again(Boot boot) throws Exception {
        ScriptedPeer.Line inner = boot.says(hello(boot));
        Awaitility.await().until(() -> worker.proven() == 1);
        return inner;
    }

    private void serves(ScriptedPeer.Line inner) throws Exception {
        RecordedExchange answer = new RecordedExchange();
        assertTrue(on(() -> exchange(answer, 10_000)));
        inner.readRequest();
        inner.answer(Wire.answer("served"));
        assertNull(answer.await());
        awaitFreed();
    }

    private void nobodyElseIsFreed() throws Exception {
        on(() -> null);
        on(() -> null);
        assertTrue(freed.isEmpty());
    }

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
        RecordedExchange answer = new RecordedExchange();
        assertTrue(on(() -> exchange(answer, 10_000)));
        inner.readRequest();
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
        RecordedExchange answer = new RecordedExchange();
        assertTrue(on(() -> exchange(answer, 10_000)));
        inner.readRequest();
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
        RecordedExchange answer = new RecordedExchange();
        assertTrue(on(() -> exchange(answer, 10_000)));
        inner.readRequest();
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
