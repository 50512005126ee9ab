package dev.relais.fastcgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class StderrLinesTest {
    private final StderrLines lines = new StderrLines(new FinishMark("nonce"));

    private String message(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        lines.feed(Unpooled.wrappedBuffer(bytes), bytes.length);
        return lines.end();
    }

    @Test
    void makesOneMessageOfOneRecordWhateverItsPieces() {
        byte[] bytes = "PHP message: \u00e4\u20ac\nline two\n".getBytes(StandardCharsets.UTF_8);
        for (List<ByteBuf> pieces : Wire.splits(bytes)) {
            lines.reset();
            pieces.forEach(piece -> lines.feed(piece, piece.readableBytes()));
            assertEquals("PHP message: \u00e4\u20ac\nline two", lines.end());
            assertNull(lines.end());
        }
    }

    @Test
    void cutsALongMessage() {
        assertEquals(StderrLines.MAX_MESSAGE, message("x".repeat(60_000)).length());
        assertEquals("next", message("next"));
    }

    @Test
    void saysOnceThatTheRestOfARunIsDropped() {
        String last = null;
        int messages = 0;
        for (int i = 0; i < 1_000; i++) {
            String message = message("x".repeat(8_000));
            if (message != null) {
                last = message;
                messages++;
            }
        }
        assertEquals(StderrLines.MAX_EXCHANGE / 8_000 + 1, messages);
        assertTrue(last.contains("dropped"), last);
        lines.reset();
        assertEquals("again", message("again"));
    }

    @Test
    void dropsWhatABrokenExchangeLeft() {
        lines.feed(Unpooled.wrappedBuffer(new byte[] {'o', 'l', 'd'}), 3);
        lines.reset();
        assertEquals("new", message("new"));
    }

    @Test
    void findsTheMarkAtTheEndOfARecordInWhateverPieces() {
        byte[] bytes = "PHP message: first; PHP message: relais-finish nonce".getBytes(StandardCharsets.UTF_8);
        for (List<ByteBuf> pieces : Wire.splits(bytes)) {
            lines.reset();
            pieces.forEach(piece -> lines.feed(piece, piece.readableBytes()));
            assertEquals("PHP message: first", lines.end());
            assertTrue(lines.marked());
        }
    }

    @Test
    void findsTheMarkBehindALongMessageAndAFlood() {
        assertEquals(
                StderrLines.MAX_MESSAGE,
                message("x".repeat(20_000) + "; PHP message: relais-finish nonce")
                        .length());
        assertTrue(lines.marked());
        lines.reset();
        for (int i = 0; i < 20; i++) {
            message("x".repeat(8_000));
        }
        assertFalse(lines.marked());
        assertNull(message("; PHP message: relais-finish nonce"));
        assertTrue(lines.marked());
    }

    @Test
    void takesNoMarkInTheMiddleOfARecordOrOverTwo() {
        message("PHP message: relais-finish nonce; PHP message: more");
        assertFalse(lines.marked());
        message("PHP message: relais-fin");
        message("ish nonce");
        assertFalse(lines.marked());
    }
}
