package dev.relais.fastcgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Patience;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What the peer answers, and what the listener gets of it. */
class FcgiAnswerTest extends FcgiConnectionFixture {
    FcgiAnswerTest(Transport transport) {
        super(transport);
    }

    @Test
    void deliversAnAnswer() throws Exception {
        connect(line -> line.answerAll(Wire.join(
                Wire.stderr("a notice\n"),
                Wire.stdout("Status: 201 Created\r\nX-A: b\r\n\r\nHello"),
                Wire.record(1, 6, 1, 3, ", world".getBytes()),
                Wire.end(7, 0))));
        RecordedExchange exchange = start(null);
        assertNull(exchange.await());
        assertEquals(201, exchange.head.status());
        assertEquals("b", exchange.head.first("X-A"));
        assertEquals("Hello, world", exchange.body.toString());
        assertEquals(List.of("a notice\n"), exchange.stderr);
        assertEquals(7, exchange.appStatus);
        assertTrue(on(connection::isOpen));
        assertTrue(owner.in.get() > 50 && owner.out.get() > 20);
    }

    @Test
    void carriesManyExchangesOneAfterAnother() throws Exception {
        connect(line -> line.answerAll(Wire.answer("x".repeat(3_000))));
        CompletableFuture<Void> all = new CompletableFuture<>();
        class Next extends RecordedExchange {
            private final int left;

            Next(int left) {
                this.left = left;
            }

            @Override
            public void onEnd(int status) {
                if (body.size() != 3_000) {
                    all.completeExceptionally(new AssertionError(body.size()));
                } else if (left == 0) {
                    all.complete(null);
                } else {
                    connection.exchange(request(true), null, new Next(left - 1));
                }
            }
        }
        start(null, new Next(500));
        all.get(Patience.SECONDS, TimeUnit.SECONDS);
        assertEquals(1, peer.connections());
    }

    @Test
    void tellsThatTheAnswerIsCompleteAndDropsWhatFollows() throws Exception {
        connect(line -> line.answerAll(Wire.join(
                Wire.stdout("X-A: b\r\n\r\nHello"),
                Wire.stderr("PHP message: a; PHP message: relais-finish nonce"),
                Wire.stdout("dropped"),
                Wire.stderr("; PHP message: b"),
                Wire.stderr("; PHP message: relais-finish nonce"),
                Wire.end(0, 0))));
        for (int i = 0; i < 2; i++) {
            RecordedExchange exchange = start(null);
            assertNull(exchange.await());
            assertTrue(exchange.isFinished());
            assertEquals("Hello", exchange.body.toString());
            assertEquals(List.of("a", "b"), exchange.stderr);
        }
        assertTrue(on(connection::isOpen));
    }

    @Test
    void dropsTheBodyThatOnlyForcedTheHead() throws Exception {
        connect(line -> line.answerAll(Wire.join(
                Wire.stdout("Status: 303 See Other\r\nRelais-Finish: nonce\r\nLocation: /x\r\n\r\n\n"),
                Wire.stderr("PHP message: relais-finish nonce"),
                Wire.end(0, 0))));
        RecordedExchange exchange = start(null);
        assertNull(exchange.await());
        assertTrue(exchange.isFinished());
        assertEquals(List.of("Location", "/x"), exchange.head.fields());
        assertEquals(0, exchange.body.size());
        assertEquals(List.of(), exchange.stderr);
    }

    @Test
    void takesNoMarkWithAnotherNonceAndNoneBeforeTheHead() throws Exception {
        connect(line -> line.answerAll(Wire.join(
                Wire.stderr("PHP message: relais-finish nonce"),
                Wire.stdout("Relais-Finish: other\r\n\r\nHello"),
                Wire.stderr("PHP message: relais-finish other"),
                Wire.stdout(", world"),
                Wire.end(0, 0))));
        RecordedExchange exchange = start(null);
        assertNull(exchange.await());
        assertFalse(exchange.isFinished());
        assertEquals("other", exchange.head.first("Relais-Finish"));
        assertEquals("Hello, world", exchange.body.toString());
        assertEquals(List.of("PHP message: relais-finish other"), exchange.stderr);
    }

    @Test
    void refusesASecondExchangeAndReleasesItsRequest() throws Exception {
        connect(ScriptedPeer.Line::awaitClose);
        RecordedExchange running = start(null);
        ByteBuf second = request(true);
        on(() -> assertThrows(
                IllegalStateException.class, () -> connection.exchange(second, null, new RecordedExchange())));
        assertEquals(0, second.refCnt());
        on(connection::close);
        assertInstanceOf(ExchangeFailure.ConnectionLost.class, running.await());
    }

    @Test
    void endsWellWhenThePeerClosesRightAfterEndRequest() throws Exception {
        connect(line -> {
            line.readRequest();
            line.write(Wire.answer("bye"));
        });
        RecordedExchange exchange = start(null);
        assertNull(exchange.await());
        assertEquals("bye", exchange.body.toString());
        owner.awaitClosed();
    }

    @Test
    void endsOnlyWhenThePaddingOfEndRequestHasCome() throws Exception {
        CountDownLatch padding = new CountDownLatch(1);
        byte[] end = Wire.record(1, 3, 1, 8, Wire.endBody(0, 0));
        connect(line -> {
            line.readRequest();
            line.write(Wire.stdout("A: b\r\n\r\n"));
            line.write(Arrays.copyOf(end, 16));
            ScriptedPeer.await(padding);
            line.write(new byte[8]);
            line.answerAll(Wire.answer("second"));
        });
        RecordedExchange exchange = start(null);
        Awaitility.await().until(() -> owner.in.get() == 8 + 8 + 16);
        assertFalse(exchange.isOver());
        padding.countDown();
        assertNull(exchange.await());
        assertNull(start(null).await());
    }

    @Test
    void boundsAFloodOfStderr() throws Exception {
        byte[] flood = Wire.record(1, 7, 1, 0, random(65_535));
        connect(line -> {
            line.readRequest();
            for (int i = 0; i < 200; i++) {
                line.write(flood);
            }
            line.write(Wire.answer("done"));
            line.awaitClose();
        });
        RecordedExchange exchange = start(null);
        assertNull(exchange.await());
        assertEquals("done", exchange.body.toString());
        assertTrue(exchange.stderr.size() <= 9, () -> exchange.stderr.size() + " messages");
    }
}
