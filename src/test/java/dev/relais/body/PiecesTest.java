package dev.relais.body;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.Stdin;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class PiecesTest {
    private final Pieces pieces = new Pieces();

    private void add(byte[] bytes, int from, int length) {
        pieces.add(Unpooled.wrappedBuffer(Arrays.copyOfRange(bytes, from, from + length)));
    }

    private static byte[] read(Stdin stdin, SplittableRandom random) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int left = (int) stdin.length(); left > 0; ) {
            int length = random.nextInt(1, Math.min(left, 65_528) + 1);
            ByteBuf next = (ByteBuf) stdin.next(length);
            assertEquals(length, next.readableBytes());
            byte[] bytes = new byte[length];
            next.readBytes(bytes);
            next.release();
            all.writeBytes(bytes);
            left -= length;
        }
        return all.toByteArray();
    }

    /** In pieces of all sizes, of which some are put together and others are not; a body that is asked for again is whole again. */
    @RepeatedTest(20)
    void whatComesInAnyPiecesIsReadWholeInOthersAndMoreThanOnce(RepetitionInfo repetition) {
        SplittableRandom random = new SplittableRandom(repetition.getCurrentRepetition());
        byte[] body = new byte[random.nextInt(1, 300_000)];
        random.nextBytes(body);
        for (int done = 0; done < body.length; ) {
            int length = Math.min(body.length - done, random.nextInt(0, random.nextBoolean() ? 40 : 10_000));
            add(body, done, length);
            done += length;
        }
        assertEquals(body.length, pieces.readable());
        assertArrayEquals(body, read(pieces.stdin(), random));
        assertArrayEquals(body, read(pieces.stdin(), random));

        ByteBuffer gathered = ByteBuffer.allocate(body.length);
        for (ByteBuffer buffer : pieces.buffers()) {
            gathered.put(buffer);
        }
        assertArrayEquals(body, gathered.array());
    }

    @Test
    void aSmallBodyTakesNoMoreMemoryThanItsBytes() {
        add(new byte[100], 0, 100);
        assertEquals(100, pieces.capacity());
    }

    /** A client that sends single bytes must not make the gateway keep an object for each. */
    @Test
    void singleBytesArePutTogether() {
        byte[] body = new byte[200_000];
        for (int i = 0; i < body.length; i++) {
            add(body, i, 1);
        }
        assertTrue(pieces.buffers().length < 30, "pieces: " + pieces.buffers().length);
        assertTrue(pieces.capacity() < 1.1 * body.length, "capacity: " + pieces.capacity());
    }

    /** The worst order: each large piece ends one that has been begun for small ones. */
    @Test
    void theMemoryThatIsTakenIsCounted() {
        byte[] body = new byte[4 << 10];
        for (int i = 0; i < 50; i++) {
            add(body, 0, 1);
            add(body, 0, body.length);
        }
        int taken =
                Arrays.stream(pieces.buffers()).mapToInt(ByteBuffer::remaining).sum();
        assertEquals(50 * (1 + body.length), taken);
        assertTrue(pieces.capacity() >= 50 * (8 << 10), "capacity: " + pieces.capacity());
        assertTrue(pieces.capacity() <= 50 * (12 << 10) + 1, "capacity: " + pieces.capacity());
    }

    /** What TLS has decrypted comes as slices of larger arrays; a slice would keep the whole array, and count as its own bytes. */
    @Test
    void aPartOfALargeArrayIsCopied() {
        byte[] large = new byte[32 << 10];
        large[20_000] = 1;
        for (int i = 0; i < 10; i++) {
            pieces.add(Unpooled.wrappedBuffer(large).slice(20_000, 4096));
        }
        assertEquals(10 * 4096, pieces.readable());
        for (ByteBuffer buffer : pieces.buffers()) {
            assertTrue(buffer.array() != large, "a piece keeps the large array");
        }
        assertTrue(pieces.capacity() <= 2 * pieces.readable(), "capacity: " + pieces.capacity());
        ByteBuf first = (ByteBuf) pieces.stdin().next(1);
        assertEquals(1, first.readByte());
    }

    @Test
    void directMemoryIsCopied() {
        ByteBuf direct = Unpooled.directBuffer().writeBytes(new byte[20_000]);
        pieces.add(direct);
        direct.release();
        assertEquals(20_000, ((ByteBuf) pieces.stdin().next(20_000)).readableBytes());
        assertEquals(20_000, pieces.capacity());
    }

    @Test
    void nothingIsAnEmptyBody() {
        pieces.add(Unpooled.EMPTY_BUFFER);
        assertEquals(0, pieces.readable());
        assertEquals(0, pieces.stdin().length());
        assertEquals(0, pieces.buffers().length);
    }
}
