package dev.relais.fastcgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A process that is known to have ended although its connection stays open, because a background job of its script holds it. */
class FcgiPeerEndTest extends FcgiConnectionFixture {
    private final CountDownLatch written = new CountDownLatch(1);

    FcgiPeerEndTest(Transport transport) {
        super(transport);
    }

    private void connectToOneThatWrites(byte[] bytes) throws Exception {
        connect(line -> {
            line.readRequest();
            line.write(bytes);
            written.countDown();
            line.awaitClose();
        });
    }

    private void assertLostWhenThePeerEnds() throws Exception {
        RecordedExchange exchange = start(null);
        ScriptedPeer.await(written);
        on(connection::peerEnded);
        assertInstanceOf(ExchangeFailure.ConnectionLost.class, exchange.await());
        owner.awaitClosed();
    }

    @Test
    void endsTheExchangeAtOnceWhenItHadNotAnswered() throws Exception {
        connectToOneThatWrites(new byte[0]);
        assertLostWhenThePeerEnds();
    }

    @Test
    void whatItHadWrittenIsTakenThoughReadingIsPausedAndPausesAgain() throws Exception {
        byte[] body = random(150_000);
        CountDownLatch paused = new CountDownLatch(1);
        connectToOneThatWrites(Wire.join(
                Wire.stdout("A: b\r\n\r\n"),
                Wire.record(1, 6, 1, 0, Arrays.copyOf(body, 65_000)),
                Wire.record(1, 6, 1, 0, Arrays.copyOfRange(body, 65_000, 130_000)),
                Wire.record(1, 6, 1, 0, Arrays.copyOfRange(body, 130_000, 150_000)),
                Wire.end(0, 0)));
        RecordedExchange exchange = start(null, new RecordedExchange() {
            @Override
            public void onHead(ResponseHead received) {
                super.onHead(received);
                connection.pauseReading();
                paused.countDown();
            }

            @Override
            public void onReadComplete() {
                super.onReadComplete();
                connection.pauseReading();
            }
        });
        ScriptedPeer.await(paused);
        ScriptedPeer.await(written);
        assertFalse(exchange.isOver());
        on(connection::peerEnded);
        assertNull(exchange.await());
        assertEquals(150_000, exchange.body.size());
        assertTrue(Arrays.equals(body, exchange.body.toByteArray()));
        owner.awaitClosed();
    }

    @Test
    void anIdleConnectionIsClosedAtOnceAndNoneIsUsedAgain() throws Exception {
        connectToOneThatWrites(Wire.answer("x"));
        assertNull(start(null).await());
        assertFalse(on(connection::isLast));
        on(connection::peerEnded);
        assertTrue(on(connection::isLast));
        assertFalse(on(connection::isOpen));
    }

    @Test
    void oneThatGoesOnWritingIsClosedAllTheSame() throws Exception {
        connect(line -> {
            line.readRequest();
            line.write(Wire.stdout("A: b\r\n\r\n"));
            written.countDown();
            while (true) {
                line.write(Wire.stdout("more"));
            }
        });
        assertLostWhenThePeerEnds();
    }

    /** PHP-FPM answers with the id that it was asked with, whichever. */
    @Test
    void anAnswerBelongsToTheRequestWhoseIdItHas() throws Exception {
        connect(line -> {
            line.readRequest();
            line.answer(Wire.answer("mine"));
            line.readRequest();
            line.write(Wire.answer("of the request with id 1")); // as a process that the first had forked would
            line.awaitClose();
        });
        for (int id : new int[] {0xFFFF, 0x0100}) {
            Params params = new Params();
            params.begin(id);
            ByteBuf request = params.finish(PooledByteBufAllocator.DEFAULT, true);
            RecordedExchange exchange = new RecordedExchange();
            on(() -> connection.exchange(request, null, exchange));
            if (id == 0xFFFF) {
                assertNull(exchange.await());
                assertEquals("mine", exchange.body.toString(StandardCharsets.UTF_8));
            } else {
                assertInstanceOf(ExchangeFailure.BrokenProtocol.class, exchange.await());
                assertEquals(0, exchange.body.size());
            }
        }
    }
}
