package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.FinishMark;
import dev.relais.fastcgi.ScriptedPeer;
import dev.relais.fastcgi.Wire;
import dev.relais.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An application that never finishes its boot. */
class ResidentHangTest extends SlotFixture {
    private Path sockets;
    private ResidentFacts facts;
    private Residence residence;
    private final LinkedBlockingQueue<ScriptedPeer.Line> boots = new LinkedBlockingQueue<>();

    @Override
    Residence residence() {
        try {
            sockets = Files.createTempDirectory("relais-link-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        facts = new ResidentFacts("function", new dev.relais.events.Events(), java.time.Clock.systemUTC());
        residence = new Residence(new Residence.Parts(
                Path.of("/resident.php"), sockets, 50, 4096, new FinishMark("nonce"), new BootTurns(1), facts));
        residence.application(Map.of());
        return residence;
    }

    @AfterEach
    void removeSockets() throws Exception {
        residence.close();
        Awaitility.await().until(() -> sockets.toFile().list().length == 0);
        Files.delete(sockets);
    }

    @Test
    void isEndedAndTriedAgain() throws Exception {
        renewProcess();
        Process hangs = php;
        peer = ScriptedPeer.start(directory, line -> {
            while (!line.readRequest().has("RELAIS_NONCE")) {
                line.answer(Wire.answer(Long.toString(php.pid())));
            }
            boots.add(line);
            line.awaitClose();
        });
        worker.attach(peer.socket());
        ScriptedPeer.Line line = boots.poll(Patience.SECONDS, TimeUnit.SECONDS);
        assertNotNull(line);
        assertTrue(hangs.waitFor(Patience.SECONDS, TimeUnit.SECONDS), "it is not ended");
        renewProcess();
        line.cut(); // as the kernel does
        assertNotNull(boots.poll(Patience.SECONDS, TimeUnit.SECONDS), "it is not tried again");
        assertTrue(facts.lastFailure().reason().contains("start-timeout"), facts.lastFailure()::reason);
    }
}
