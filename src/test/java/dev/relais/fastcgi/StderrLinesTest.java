package dev.relais.fastcgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StderrLinesTest {
    private final List<String> messages = new ArrayList<>();
    private final StderrLines lines = new StderrLines(new FinishMark("nonce"), messages::add);

    StderrLinesTest() {
        lines.reset();
    }

    /** @return whether it ended with the mark */
    private boolean record(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        lines.feed(Unpooled.wrappedBuffer(bytes), bytes.length);
        return lines.endRecord();
    }

    private List<String> flushed() {
        lines.flush();
        List<String> all = List.copyOf(messages);
        messages.clear();
        lines.reset();
        return all;
    }

    @Test
    void partsMessagesHoweverTheyLieInRecordsAndReads() {
        List<String> wanted = List.of("\u00e4\u20ac\nline two\n", "", "x; y; PHP mess; PHP message:z;", "last;");
        byte[] bytes = ("PHP message: " + String.join("; PHP message: ", wanted)).getBytes(StandardCharsets.UTF_8);
        for (List<ByteBuf> pieces : Wire.splits(bytes)) {
            pieces.forEach(piece -> lines.feed(piece, piece.readableBytes()));
            assertFalse(lines.endRecord());
            assertEquals(wanted, flushed());
            pieces.forEach(piece -> {
                lines.feed(piece, piece.readableBytes());
                lines.endRecord();
            });
            assertEquals(wanted, flushed());
        }
    }

    @Test
    void takesWhatHasNoPrefixAsAMessageToo() {
        for (String text : List.of("Primary script unknown", "P", "PHP message", "; PHP message: after output")) {
            record(text);
            assertEquals(List.of(text.replace("; PHP message: ", "")), flushed());
        }
        record("");
        assertEquals(List.of(), flushed());
    }

    @Test
    void endsAMessageAtOtherOutput() {
        record("PHP message: one");
        lines.flush();
        record("; PHP message: two");
        lines.flush();
        assertEquals(List.of("one", "two"), flushed());
    }

    @Test
    void keepsAMessageOf256KiBWholeAndCountsWhatALongerOneHasMore() {
        String whole = "x".repeat(256 << 10);
        for (int from = 0; from < whole.length(); from += 0xFFF8) {
            record((from == 0 ? "PHP message: " : "") + whole.substring(from, Math.min(whole.length(), from + 0xFFF8)));
        }
        assertEquals(List.of(whole), flushed());

        record("PHP message: " + "y".repeat(2_000_000) + "; PHP message: next");
        List<String> cut = flushed();
        assertEquals(2, cut.size());
        String note = "... (" + (2_000_000 - MessageBytes.MOST) + " more bytes)";
        assertEquals("y".repeat(MessageBytes.MOST) + note, cut.get(0));
        assertEquals("next", cut.get(1));
    }

    @Test
    void dropsWhatABrokenExchangeLeft() {
        record("PHP message: old; PHP me");
        lines.reset();
        record("PHP message: new");
        assertEquals(List.of("new"), flushed());
    }

    @Test
    void findsTheMarkAtTheEndOfARecordInWhateverPieces() {
        byte[] bytes = "PHP message: first; PHP message: relais-finish nonce".getBytes(StandardCharsets.UTF_8);
        for (List<ByteBuf> pieces : Wire.splits(bytes)) {
            pieces.forEach(piece -> lines.feed(piece, piece.readableBytes()));
            assertTrue(lines.endRecord());
            assertEquals(List.of("first"), flushed());
        }
    }

    @Test
    void findsTheMarkBehindAFloodAndOverTwoRecordsAsAFullBufferMakesThem() {
        assertTrue(record("x".repeat(2_000_000) + "; PHP message: relais-finish nonce"));
        assertEquals(1, flushed().size());
        assertFalse(record("PHP message: a; PHP message: relais-fin"));
        assertTrue(record("ish nonce"));
        assertEquals(List.of("a"), flushed());
        assertTrue(record("PHP message: relais-finish nonce"));
        assertFalse(record("; PHP message: after"));
        assertEquals(List.of("after"), flushed());
    }

    @Test
    void takesNoMarkInTheMiddleOfAMessage() {
        for (String text : List.of(
                "PHP message: relais-finish nonce; PHP message: more",
                "PHP message: not relais-finish nonce",
                "PHP message: relais-finish nonce and more",
                "PHP message: relais-finish nonce;")) {
            assertFalse(record(text), text);
            flushed();
        }
    }
}
