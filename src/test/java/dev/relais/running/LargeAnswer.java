package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Client;
import dev.relais.testing.RawClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Reads what {@code large.php} sends, and checks that each byte is there and in its place. */
final class LargeAnswer {
    private LargeAnswer() {}

    /** Where the next bytes of an answer come from; empty at its end. */
    private interface Source {
        byte[] next() throws IOException;
    }

    /** Reads the body, after the head was read. */
    static void read(Client client, int megabytes) throws IOException {
        read(client::piece, megabytes);
        assertEquals(0, client.piece().length);
    }

    static void read(RawClient client, Answer head, int megabytes) throws IOException {
        boolean chunked = head.header("Content-Length") == null;
        read(() -> chunked ? client.chunk() : client.exactly(65_536), megabytes);
        assertEquals(0, chunked ? client.chunk().length : 0);
    }

    private static void read(Source source, int megabytes) throws IOException {
        long read = 0;
        byte[] block = new byte[0];
        while (read < (long) megabytes << 20) {
            byte[] piece = source.next();
            assertTrue(piece.length > 0, "ended after " + read);
            int kept = block.length;
            block = Arrays.copyOf(block, kept + piece.length);
            System.arraycopy(piece, 0, block, kept, piece.length);
            int offset = 0;
            for (; block.length - offset >= 4; offset += 4) {
                int expected = (int) ((read + offset) / 65_536);
                if (ByteBuffer.wrap(block, offset, 4).getInt() != expected) {
                    throw new AssertionError("wrong bytes at " + (read + offset));
                }
            }
            read += offset;
            block = Arrays.copyOfRange(block, offset, block.length);
        }
        assertEquals((long) megabytes << 20, read);
    }
}
