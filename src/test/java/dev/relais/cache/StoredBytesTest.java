package dev.relais.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever lies in the shared level is either what was written, or nothing. */
class StoredBytesTest {
    private static final OutsideHeap MEMORY = new OutsideHeap();
    private static final SharedMoment MOMENT = new SharedMoment(7, 3);

    private static Stored stored(int size) {
        byte[] body = new byte[size];
        new Random(1).nextBytes(body);
        return new Stored(
                "exact",
                List.of("a", "b"),
                "a=ü\nb\n",
                206,
                "Grün",
                List.of("Date", "now", "X-Ä", ""),
                "text/html",
                Content.of(List.of(body), size, MEMORY),
                new Freshness(60, 5, 1_000),
                new Stored.Rules(false, true, 1, 2, true, false),
                List.of("f\nx"),
                99,
                4,
                null,
                new SharedMark(MOMENT, "t", true, false));
    }

    private static StoredBytes.Entry read(byte[] entry) {
        return StoredBytes.read(entry, null, 12, "token", 30, MEMORY);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8_191, 8_192, 300_000})
    void anAnswerIsReadAsItWasWritten(int size) {
        Stored stored = stored(size);
        if (size > 0) {
            stored.content().keep(2, Unpooled.wrappedBuffer(new byte[] {1, 2, 3}));
        }
        StoredBytes.Entry.Answer answer =
                assertInstanceOf(StoredBytes.Entry.Answer.class, read(StoredBytes.answer(stored, MOMENT, 30)));
        assertEquals(MOMENT, answer.moment());
        Stored back = answer.stored();
        Content none = Content.empty();
        assertEquals(
                stored.withContent(none).toString().replaceAll("moment=4.*", ""),
                back.withContent(none).toString().replaceAll("moment=12.*", ""));
        assertEquals(
                ByteBufUtil.hexDump(stored.content().plain()),
                ByteBufUtil.hexDump(back.content().plain()));
        if (size > 0) {
            assertEquals("010203", ByteBufUtil.hexDump(back.content().coded(2)));
        }
        assertEquals(new SharedMark(MOMENT, "token", false, true), back.mark());
    }

    /** Gateways whose clocks differ give it the same age. */
    @Test
    void theClockOfTheSharedLevelCounts() {
        byte[] entry = StoredBytes.answer(stored(1), MOMENT, 30);
        StoredBytes.Entry.Answer answer =
                (StoredBytes.Entry.Answer) StoredBytes.read(entry, null, 12, "token", -500, MEMORY);
        assertEquals(1_530, answer.stored().freshness().came());
    }

    @Test
    void aPointerIsReadAsItWasWritten() {
        assertEquals(
                new StoredBytes.Entry.Pointer(List.of("accept", "x")),
                read(StoredBytes.pointer(List.of("accept", "x"))));
    }

    @Test
    void anyByteThatDiffersMakesItNothing() {
        byte[] entry = StoredBytes.answer(stored(20), MOMENT, 0);
        for (int i = 0; i < entry.length; i++) {
            byte[] broken = entry.clone();
            broken[i] ^= (byte) (1 << i % 8);
            assertNull(read(broken), "byte " + i);
        }
    }

    @Test
    void anyLengthThatDiffersMakesItNothing() {
        byte[] entry = StoredBytes.answer(stored(20), MOMENT, 0);
        for (int length = 0; length < entry.length; length++) {
            assertNull(read(Arrays.copyOf(entry, length)));
        }
        assertNull(read(Arrays.copyOf(entry, entry.length + 1)));
    }

    /** Whoever has the format right can still have the parts wrong. */
    @Test
    void noContentWithARightChecksumDoesAnyHarm() {
        byte[] entry = StoredBytes.answer(stored(20), MOMENT, 0);
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            byte[] broken = Arrays.copyOf(entry, 9 + random.nextInt(entry.length));
            for (int j = random.nextInt(4); j >= 0; j--) {
                broken[8 + random.nextInt(broken.length - 8)] = (byte) random.nextInt(4 << random.nextInt(7));
            }
            CRC32C sum = new CRC32C();
            sum.update(broken, 8, broken.length - 8);
            ByteBuffer.wrap(broken).putInt(4, (int) sum.getValue());
            if (read(broken) instanceof StoredBytes.Entry.Answer answer) {
                answer.stored().fields().forEach(field -> assertEquals(-1, field.indexOf('\n')));
            }
        }
    }
}
