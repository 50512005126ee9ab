package dev.relais.fastcgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Patience;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may connect to the socket of resident applications. */
class FcgiListenerTest extends FcgiConnectionFixture {
    private static final String NONCE = "0123456789abcdef0123456789abcdef";

    private final LinkedBlockingQueue<Long> asked = new LinkedBlockingQueue<>(); // the processes behind the connections
    private final Transport transport;
    private Path socket;
    private FcgiListener listener;

    FcgiListenerTest(Transport transport) {
        super(transport);
        this.transport = transport;
    }

    @BeforeEach
    void listen() throws Exception {
        socket = directory.resolve("door.sock");
        CompletableFuture<Throwable> bound = new CompletableFuture<>();
        listener = FcgiListener.listen(
                loop,
                socket,
                4096,
                new FinishMark("nonce"),
                (nonce, pid, peer) -> {
                    asked.add(peer);
                    return nonce.equals(NONCE) && pid == 42 ? owner : null;
                },
                bound::complete);
        assertNull(bound.get(Patience.SECONDS, TimeUnit.SECONDS));
    }

    @AfterEach
    void closesItsSocket() throws Exception {
        on(listener::close);
        Awaitility.await().until(() -> !Files.exists(socket));
    }

    private ScriptedPeer.Line says(String text) throws Exception {
        ScriptedPeer.Line line = ScriptedPeer.connect(socket);
        line.write(text.getBytes(StandardCharsets.ISO_8859_1));
        return line;
    }

    @Test
    void letsInWhoIsExpectedThoughItsLineComesInPieces() throws Exception {
        ScriptedPeer.Line line = says("RELAIS/1 " + NONCE);
        line.write(" 42".getBytes(StandardCharsets.ISO_8859_1));
        line.write("\n".getBytes(StandardCharsets.ISO_8859_1));
        connection = owner.awaitConnected();
        assertTrue(on(connection::isOpen));
        assertEquals(transport == Transport.EPOLL ? ProcessHandle.current().pid() : -1, asked.poll());
    }

    @Test
    void closesWhoSaysAnythingElse() throws Exception {
        for (String said : List.of(
                "\n",
                "RELAIS/1 " + NONCE + " 43\n",
                "RELAIS/1 " + NONCE + "  42\n",
                "RELAIS/1 " + NONCE + " -42\n",
                "RELAIS/1 " + NONCE + " 42\n42\n",
                "RELAIS/1 " + NONCE + " 99999999999999999999\n",
                "RELAIS/1 " + NONCE.toUpperCase(java.util.Locale.ROOT) + " 42\n",
                "x".repeat(200_000))) {
            try {
                says(said).awaitClose();
            } catch (java.io.IOException closed) {
                // before it had taken all
            }
        }
        assertFalse(asked.isEmpty());
        letsInWhoIsExpectedLater();
    }

    private void letsInWhoIsExpectedLater() throws Exception {
        says("RELAIS/1 " + NONCE + " 42\n");
        connection = owner.awaitConnected();
    }

    @Test
    void closesWhoSaysNothingForSomeSeconds() throws Exception {
        ScriptedPeer.connect(socket).awaitClose();
    }

    @Test
    void closesThoseBeyondTheMostStrangersUntilTheyHaveGone() throws Exception {
        List<ScriptedPeer.Line> strangers = new ArrayList<>();
        for (int i = 0; i < FcgiListener.MOST_STRANGERS; i++) {
            strangers.add(says("R"));
        }
        on(() -> null);
        ScriptedPeer.Line one = ScriptedPeer.connect(socket);
        one.awaitClose();
        assertTrue(asked.isEmpty());
        strangers.forEach(ScriptedPeer.Line::cut);
        Awaitility.await().until(() -> {
            says("RELAIS/1 " + NONCE + " 43\n").cut();
            return !asked.isEmpty();
        });
        letsInWhoIsExpectedLater();
    }
}
