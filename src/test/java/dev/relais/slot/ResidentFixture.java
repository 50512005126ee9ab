package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A slot whose child keeps an application in memory, where the peer plays the child, with both of its connections. */
abstract class ResidentFixture extends SlotFixture {
    private Path sockets;
    private BootTurns turns;
    ResidentFacts facts;
    private Residence residence;
    final LinkedBlockingQueue<Boot> boots = new LinkedBlockingQueue<>();

    /** The boot script runs on this connection, and was told a socket and a nonce. */
    record Boot(ScriptedPeer.Line outer, Path socket, String nonce) {
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

    final long files() throws IOException {
        try (Stream<Path> files = Files.list(sockets)) {
            return files.count();
        }
    }

    final void child(ScriptedPeer.Line line) throws Exception {
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

    final Boot boot() throws InterruptedException {
        Boot boot = boots.poll(Patience.SECONDS, TimeUnit.SECONDS);
        assertNotNull(boot, "nothing boots");
        return boot;
    }

    final String hello(Boot boot) {
        return "RELAIS/1 " + boot.nonce() + " " + php.pid() + "\n";
    }

    /** The child boots, and its slot is free and the test's. */
    final ScriptedPeer.Line ready(Boot boot) throws Exception {
        ScriptedPeer.Line inner = boot.says(hello(boot));
        awaitFreed();
        return inner;
    }

    /** It boots anew, and its slot is still the test's. */
    final ScriptedPeer.Line again(Boot boot) throws Exception {
        ScriptedPeer.Line inner = boot.says(hello(boot));
        Awaitility.await().until(() -> worker.proven() == 1);
        return inner;
    }

    /** An exchange whose request has come to the application. */
    final RecordedExchange asks(ScriptedPeer.Line inner) throws Exception {
        RecordedExchange answer = new RecordedExchange();
        assertTrue(on(() -> exchange(answer, 10_000)));
        inner.readRequest();
        return answer;
    }

    final void serves(ScriptedPeer.Line inner) throws Exception {
        RecordedExchange answer = asks(inner);
        inner.answer(Wire.answer("served"));
        assertNull(answer.await());
        awaitFreed();
    }

    final void nobodyElseIsFreed() throws Exception {
        on(() -> null);
        on(() -> null);
        assertTrue(freed.isEmpty());
    }
}
