package dev.relais.fastcgi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordDecoderTest {
    /** What came, independent of the pieces it came in. */
    private static final class Seen implements RecordDecoder.Sink {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final StringBuilder err = new StringBuilder();
        private final List<String> ends = new ArrayList<>();

        @Override
        public void stdout(ByteBuf in, int length) {
            byte[] bytes = new byte[length];
            in.readBytes(bytes); // moves the reader index, as a careless listener would
            out.writeBytes(bytes);
        }

        @Override
        public void stderr(ByteBuf in, int length) {
            err.append(in.toString(in.readerIndex(), length, StandardCharsets.ISO_8859_1));
        }

        @Override
        public void stderrRecordEnd() {
            err.append('|');
        }

        @Override
        public void endRequest(int appStatus, int protocolStatus) {
            ends.add(appStatus + "/" + protocolStatus);
        }
    }

    private static void violates(byte[] bytes) {
        for (List<ByteBuf> pieces : Wire.splits(bytes)) {
            RecordDecoder decoder = new RecordDecoder();
            decoder.reset(1);
            assertThrows(ProtocolViolation.class, () -> {
                for (ByteBuf piece : pieces) {
                    decoder.decode(piece, new Seen());
                }
            });
        }
    }

    @Test
    void decodesTheSameWhateverTheBordersOfTheReads() throws ProtocolViolation {
        byte[] bytes = Wire.join(
                Wire.record(1, 6, 1, 7, "Hello".getBytes(StandardCharsets.US_ASCII)),
                Wire.record(1, 6, 1, 3, new byte[0]),
                Wire.stderr("one\ntwo"),
                Wire.record(1, 7, 1, 255, "three".getBytes(StandardCharsets.US_ASCII)),
                Wire.stdout(", world"),
                Wire.record(1, 6, 1, 0, new byte[0]),
                Wire.record(1, 3, 1, 8, Wire.endBody(0x01020304, 0)));
        for (List<ByteBuf> pieces : Wire.splits(bytes)) {
            RecordDecoder decoder = new RecordDecoder();
            decoder.reset(1);
            Seen seen = new Seen();
            for (ByteBuf piece : pieces) {
                decoder.decode(piece, seen);
                assertFalse(piece.isReadable());
            }
            assertEquals("Hello, world", seen.out.toString(StandardCharsets.US_ASCII));
            assertEquals("one\ntwo|three|", seen.err.toString());
            assertEquals(List.of(0x01020304 + "/0"), seen.ends);
            assertTrue(decoder.atBorder());
        }
    }

    @Test
    void isAtNoBorderWhilePaddingOrContentIsMissing() throws ProtocolViolation {
        byte[] bytes = Wire.record(1, 3, 1, 5, Wire.endBody(0, 0));
        RecordDecoder decoder = new RecordDecoder();
        decoder.reset(1);
        Seen seen = new Seen();
        for (int i = 0; i < bytes.length; i++) {
            assertEquals(i == 0, decoder.atBorder());
            assertEquals(i >= 16 ? 1 : 0, seen.ends.size());
            decoder.decode(Unpooled.wrappedBuffer(bytes, i, 1), seen);
        }
        assertTrue(decoder.atBorder());
    }

    @Test
    void passesOnLargeOutputOverManyRecords() throws ProtocolViolation {
        byte[] content = new byte[65_535];
        new Random(1).nextBytes(content);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteArrayOutputStream wanted = new ByteArrayOutputStream();
        for (int i = 0; i < 40; i++) {
            bytes.writeBytes(Wire.record(1, 6, 1, i % 8, content));
            wanted.writeBytes(content);
        }
        Seen seen = new Seen();
        RecordDecoder decoder = new RecordDecoder();
        decoder.reset(1);
        decoder.decode(Unpooled.wrappedBuffer(bytes.toByteArray()), seen);
        assertArrayEquals(wanted.toByteArray(), seen.out.toByteArray());
    }

    @Test
    void refusesAnotherVersionTypeOrRequest() {
        violates(Wire.record(0, 6, 1, 0, new byte[1]));
        violates(Wire.record(255, 6, 1, 0, new byte[1]));
        for (int type : new int[] {0, 1, 2, 4, 5, 8, 9, 10, 11, 255}) {
            violates(Wire.record(1, type, 1, 0, new byte[8]));
        }
        violates(Wire.record(1, 6, 0, 0, new byte[1]));
        violates(Wire.record(1, 6, 2, 0, new byte[1]));
        violates(Wire.record(1, 6, 0x101, 0, new byte[1]));
        violates(Wire.record(1, 3, 0xFFFF, 0, new byte[8]));
    }

    @Test
    void refusesAnEndRequestOfAnotherLength() {
        violates(Wire.record(1, 3, 1, 0, new byte[0]));
        violates(Wire.record(1, 3, 1, 0, new byte[7]));
        violates(Wire.record(1, 3, 1, 0, new byte[9]));
    }

    @Test
    void refusesAnyByteAfterEndRequest() {
        violates(Wire.join(Wire.end(0, 0), new byte[1]));
        violates(Wire.join(Wire.end(0, 0), Wire.end(0, 0)));
        violates(Wire.join(Wire.end(0, 0), Wire.stdout("x")));
        violates(Wire.join(Wire.end(0, 0), Wire.stdout("")));
        violates(Wire.join(Wire.record(1, 3, 1, 8, Wire.endBody(0, 0)), Wire.stderr("x")));
    }

    @Test
    void takesTheNextExchangeAfterAReset() throws ProtocolViolation {
        RecordDecoder decoder = new RecordDecoder();
        decoder.reset(1);
        Seen seen = new Seen();
        for (int i = 0; i < 3; i++) {
            decoder.reset(1);
            decoder.decode(Unpooled.wrappedBuffer(Wire.answer("x")), seen);
        }
        assertEquals(3, seen.ends.size());
    }
}
