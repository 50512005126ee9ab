package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.RecordedExchange;
import dev.relais.fastcgi.ScriptedPeer;
import dev.relais.fastcgi.Stdin;
import dev.relais.fastcgi.Wire;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Records what a peer sees: connections, and for each request whether its connection is to be kept. */
abstract class UnreadBodyFixture extends SlotFixture {
    final AtomicInteger connections = new AtomicInteger();
    final List<Boolean> kept = new CopyOnWriteArrayList<>();

    final void attachCounting() throws Exception {
        attach(line -> {
            connections.incrementAndGet();
            while (true) {
                ScriptedPeer.Line.Request request = line.readRequest();
                boolean proof = request.has("/proof.php");
                if (!proof) {
                    kept.add(request.kept());
                }
                line.answer(Wire.answer(proof ? Long.toString(php.pid()) : "served"));
                if (!request.kept()) {
                    line.awaitClose(); // as PHP does, which drops what it has not read
                    return;
                }
            }
        });
    }

    final void runs(Stdin body) throws Exception {
        RecordedExchange answer = new RecordedExchange();
        assertTrue(on(() -> exchange(answer, body, 10_000)));
        assertNull(answer.await());
        awaitFreed();
    }

    static final class Hello implements Stdin {
        @Override
        public long length() {
            return 5;
        }

        @Override
        public Object next(int length) {
            return Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII);
        }
    }
}
