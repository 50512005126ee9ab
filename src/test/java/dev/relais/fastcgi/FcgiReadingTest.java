package dev.relais.fastcgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Patience;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A listener that pauses reading. */
class FcgiReadingTest extends FcgiConnectionFixture {
    FcgiReadingTest(Transport transport) {
        super(transport);
    }

    @Test
    void blocksThePeerWhileReadingIsPausedAndDeliversAllAfterwards() throws Exception {
        byte[] record = Wire.record(1, 6, 1, 0, random(65_535));
        AtomicLong written = new AtomicLong();
        connect(line -> {
            line.readRequest();
            line.write(Wire.stdout("A: b\r\n\r\n"));
            for (int i = 0; i < 400; i++) {
                line.write(record);
                written.incrementAndGet();
            }
            line.write(Wire.end(0, 0));
            line.answerAll(Wire.answer("x"));
        });
        CompletableFuture<Void> paused = new CompletableFuture<>();
        AtomicLong received = new AtomicLong();
        RecordedExchange exchange = start(null, new RecordedExchange() {
            @Override
            public void onHead(ResponseHead received) {
                super.onHead(received);
                connection.pauseReading();
                connection.pauseReading();
                paused.complete(null);
            }

            @Override
            public void onBody(ByteBuf in, int length) {
                received.addAndGet(length);
            }
        });
        paused.get(Patience.SECONDS, TimeUnit.SECONDS);
        // Blocked: what it has written stays the same over many looks.
        long[] last = {-1, 0};
        Awaitility.await().pollInterval(20, TimeUnit.MILLISECONDS).until(() -> {
            last[1] = last[0] == written.get() ? last[1] + 1 : 0;
            last[0] = written.get();
            return last[1] == 10;
        });
        assertTrue(written.get() < 40, () -> written + " records of 400");
        assertTrue(received.get() < 4 * MEGABYTE);
        on(connection::resumeReading);
        assertNull(exchange.await());
        assertEquals(400L * 65_535, received.get());
        assertNull(start(null).await());
    }

    @Test
    void readsTheNextExchangeThoughTheLastOneWasPausedAtItsEnd() throws Exception {
        connect(line -> line.answerAll(Wire.answer("x")));
        RecordedExchange first = start(null, new RecordedExchange() {
            @Override
            public void onBody(ByteBuf in, int length) {
                super.onBody(in, length);
                connection.pauseReading();
            }
        });
        assertNull(first.await());
        assertNull(start(null).await());
    }
}
