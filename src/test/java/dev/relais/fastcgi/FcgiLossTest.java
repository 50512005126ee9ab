package dev.relais.fastcgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Connections that either side ends at any moment. The listener is told once, and also whether the script may have started. */
class FcgiLossTest extends FcgiConnectionFixture {
    FcgiLossTest(Transport transport) {
        super(transport);
    }

    @Test
    void tellsWhenNobodyListens() {
        assertThrows(ExecutionException.class, () -> connect(directory.resolve("none.sock"), owner));
    }

    @Test
    void tellsItsOwnerFirstOfTheConnectionThenOfItsEnd() throws Exception {
        connect(line -> {});
        owner.awaitClosed();
    }

    @Test
    void failsWhenThePeerClosesAtOnce() throws Exception {
        failsWith(ExchangeFailure.ConnectionLost.class, ScriptedPeer.Line::readParams);
    }

    @Test
    void failsWhenThePeerClosesInTheHead() throws Exception {
        failsWith(ExchangeFailure.ConnectionLost.class, line -> {
            line.readRequest();
            line.write(Wire.stdout("Content-type: te"));
        });
    }

    @Test
    void failsWhenThePeerClosesInTheMiddleOfARecord() throws Exception {
        for (int cut : new int[] {1, 7, 8, 9, 40, 50, 56}) {
            byte[] part = Arrays.copyOf(Wire.answer("Hello"), cut);
            ScriptedPeer one = ScriptedPeer.start(directory, line -> {
                line.readRequest();
                line.write(part);
            });
            FcgiConnection cutOff = connect(one.socket(), new RecordedOwner());
            RecordedExchange exchange = new RecordedExchange();
            on(() -> cutOff.exchange(request(true), null, exchange));
            assertInstanceOf(ExchangeFailure.ConnectionLost.class, exchange.await());
            one.close();
        }
    }

    private boolean started(RecordedExchange exchange) throws Exception {
        return assertInstanceOf(ExchangeFailure.ConnectionLost.class, exchange.await())
                .started();
    }

    @Test
    void theScriptDidNotStartWhenThePeerWasGoneBeforeTheRequest() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        connect(line -> ScriptedPeer.await(gone));
        ByteBuf request = request(true);
        RecordedExchange exchange = new RecordedExchange();
        on(() -> {
            gone.countDown();
            Awaitility.await().until(() -> peer.connections() == 0); // which the channel cannot hear of meanwhile
            connection.exchange(request, null, exchange);
            return null;
        });
        assertFalse(started(exchange));
    }

    /** More than the socket takes at once. */
    @Test
    void theScriptDidNotStartWhenThePeerClosesInTheMiddleOfTheParams() throws Exception {
        connect(line -> line.readBytes(100));
        RecordedExchange exchange = new RecordedExchange();
        Params params = new Params();
        params.begin(1);
        for (int i = 0; i < 40; i++) {
            params.add("HTTP_X_" + i, "x".repeat(60_000));
        }
        on(() -> {
            connection.exchange(params.finish(PooledByteBufAllocator.DEFAULT, true), null, exchange);
            return null;
        });
        assertFalse(started(exchange));
    }

    @Test
    void theScriptMayHaveStartedOnceThePeerCouldReadAllParams() throws Exception {
        connect(ScriptedPeer.Line::readParams);
        assertTrue(started(start(null)));
    }

    @Test
    void theScriptMayHaveStartedThoughItsBodyWasNotRead() throws Exception {
        connect(ScriptedPeer.Line::readParams);
        assertTrue(started(start(new BytesStdin(random(8 * MEGABYTE)))));
    }

    @Test
    void waitsForAPeerThatStallsUntilItIsClosed() throws Exception {
        CountDownLatch stalled = new CountDownLatch(1);
        connect(line -> {
            line.readRequest();
            line.write(Wire.stdout("A: b\r\n\r\nfirst"));
            stalled.countDown();
            line.awaitClose();
        });
        RecordedExchange exchange = start(null);
        ScriptedPeer.await(stalled);
        assertFalse(exchange.isOver());
        on(connection::close);
        on(connection::close);
        assertInstanceOf(ExchangeFailure.ConnectionLost.class, exchange.await());
    }

    @Test
    void failsOnceWhenItsListenerClosesItInTheMiddleOfARead() throws Exception {
        connect(line -> {
            line.readParams();
            line.write(Wire.join(
                    Wire.stdout("A: b\r\n\r\nfirst"), Wire.stdout("second"), Wire.stderr("e"), Wire.end(0, 0)));
            line.awaitClose();
        });
        class Closing extends RecordedExchange {
            @Override
            public void onHead(ResponseHead received) {
                super.onHead(received);
                connection.close();
            }
        }
        // A body, so that writes are pending which the close fails within the call.
        BytesStdin stdin = new BytesStdin(random(MEGABYTE * 8));
        Closing exchange = start(stdin, new Closing());
        assertInstanceOf(ExchangeFailure.ConnectionLost.class, exchange.await());
        owner.awaitClosed();
        assertEquals(1, stdin.bytes.refCnt());
    }

    @Test
    void doesNotEndWellAfterItWasClosedInThatRead() throws Exception {
        connect(line -> line.answerAll(Wire.answer("x")));
        RecordedExchange exchange = start(null, new RecordedExchange() {
            @Override
            public void onHead(ResponseHead received) {
                super.onHead(received);
                connection.close();
            }
        });
        assertInstanceOf(ExchangeFailure.ConnectionLost.class, exchange.await());
    }

    @Test
    void closesWhenAListenerThrows() throws Exception {
        connect(line -> line.answerAll(Wire.answer("x")));
        RecordedExchange exchange = start(null, new RecordedExchange() {
            @Override
            public void onHead(ResponseHead received) {
                throw new IllegalArgumentException("a head that HTTP cannot say");
            }
        });
        assertInstanceOf(ExchangeFailure.ConnectionLost.class, exchange.await());
        owner.awaitClosed();
    }
}
