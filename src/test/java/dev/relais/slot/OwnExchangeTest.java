package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.Params;
import dev.relais.fastcgi.ResponseHead;
import dev.relais.fastcgi.Wire;
import dev.relais.testing.LogLines;
import dev.relais.testing.Patience;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OwnExchangeTest extends SlotFixture {
    private final LinkedBlockingQueue<OwnExchange.Reply> replies = new LinkedBlockingQueue<>();
    private final OwnExchange exchange = new OwnExchange("a call", 7, 8, replies::add);

    private void head(int status) {
        exchange.onHead(new ResponseHead(status, "A reason", List.of(), null));
    }

    private void body(String text) {
        ByteBuf bytes =
                Unpooled.copiedBuffer("--" + text, StandardCharsets.ISO_8859_1).skipBytes(2);
        exchange.onBody(bytes, text.length());
        assertEquals(2, bytes.readerIndex(), "the connection moves it");
        bytes.release();
    }

    private ByteBuf request() {
        Params params = new Params();
        params.begin();
        params.add("SCRIPT_FILENAME", "/own.php");
        return params.finish(UnpooledByteBufAllocator.DEFAULT, true);
    }

    @Test
    void itsStatusAndTheBeginningOfItsBodyAreKept() {
        head(404);
        body("caf\u00e9");
        assertEquals("caf\u00e9", exchange.text());
        body(" and more");
        body("still more");
        assertEquals(List.of(), List.copyOf(replies));
        exchange.onFinished();
        exchange.onEnd(255);
        assertEquals(List.of(new OwnExchange.Reply(404, "caf\u00e9 and")), List.copyOf(replies));
        assertFalse(replies.remove().isBrokenOff());
    }

    @Test
    void anAnswerWithoutOneByteIsAGoodOne() {
        exchange.onEnd(0);
        assertEquals(List.of(new OwnExchange.Reply(200, "")), List.copyOf(replies));
    }

    @Test
    void anAnswerThatBreaksOffTellsWhyAndNothingElse() {
        head(200);
        body("1234");
        exchange.onFailure(new ExchangeFailure.TimedOut("no END_REQUEST in time"));
        assertEquals(List.of(new OwnExchange.Reply(0, "no END_REQUEST in time")), List.copyOf(replies));
        assertEquals("no END_REQUEST in time", exchange.text());
        assertTrue(replies.remove().isBrokenOff());
    }

    @Test
    void aMessageOfPhpIsOneLogLineWhateverItHas() {
        try (LogLines log = new LogLines()) {
            exchange.onStderr("PHP Warning:  \"a\"\nworker=9 message=forged\n" + "x".repeat(5_000));
            List<String> lines = log.lines().toList();
            assertEquals(1, lines.size());
            String begin =
                    "Message of PHP in a request of Relais' own: worker=7 request=\"a call\" message=\"PHP Warning:  "
                            + "\\\"a\\\"\\nworker=9 message=forged\\nxxx";
            assertTrue(lines.get(0).startsWith(begin), lines.get(0));
            assertTrue(lines.get(0).length() < 1_300, lines.get(0));
        }
    }

    @Test
    void itRunsOnASlotWhichIsFreedBeforeItIsTold() throws Exception {
        attach(line -> {
            prove(line);
            assertTrue(line.readRequest().has("/own.php"));
            line.answer(Wire.answer("served"));
            line.awaitClose();
        });
        assertTrue(on(() -> exchange.begin(slot, request(), 30_000)));
        OwnExchange.Reply reply = replies.poll(Patience.SECONDS, TimeUnit.SECONDS);
        assertEquals(new OwnExchange.Reply(200, "served"), reply);
        assertEquals(slot, freed.poll(), "the slot is freed first");
    }

    @Test
    void onASlotWhoseConnectionHasBrokenItDoesNotBegin() throws Exception {
        attach(line -> {
            prove(line);
            line.awaitClose();
        });
        worker.detach(false);
        assertFalse(on(() -> exchange.begin(slot, request(), 30_000)));
        assertEquals(List.of(), List.copyOf(replies));
    }
}
