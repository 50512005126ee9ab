package dev.relais.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.relais.fastcgi.Params;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StandInPhpTest {
    @TempDir
    Path directory;

    @Test
    void theFirstAnswerOfAConnectionIsTheNumberAndEachFurtherOneThePage() throws IOException {
        Path socket = directory.resolve("php.sock");
        try (StandInPhp php = new StandInPhp(socket, 4711, "page");
                SocketChannel one = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                SocketChannel two = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            assertEquals("4711", ask(one, request(), 1 << 16));
            assertEquals("page", ask(one, request(), 1 << 16));
            assertEquals("4711", ask(two, request(), 1 << 16));
            assertEquals("page", ask(one, request(), 1 << 16));
        }
        assertFalse(Files.exists(socket));
    }

    /** The borders of records are none of reads. */
    @Test
    void aRequestMayComeInAnyPiecesAndBringABody() throws IOException {
        Path socket = directory.resolve("php.sock");
        try (StandInPhp php = new StandInPhp(socket, 1, "page");
                SocketChannel one = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            for (int piece : new int[] {1, 7, 8, 9, 100}) {
                ask(one, request(), piece);
            }
            byte[] head = request();
            int end = head.length - 8; // without the record that ends STDIN
            ByteBuffer whole = ByteBuffer.allocate(end + 8 + 5 + 3 + 8);
            whole.put(head, 0, end).put(new byte[] {1, 5, head[2], head[3], 0, 5, 3, 0});
            whole.put("body!".getBytes(StandardCharsets.US_ASCII))
                    .put(new byte[3])
                    .put(head, end, 8);
            assertEquals("page", ask(one, whole.array(), 3));
        }
    }

    @Test
    void itsEndClosesItsConnections() throws IOException {
        Path socket = directory.resolve("php.sock");
        StandInPhp php = new StandInPhp(socket, 1, "page");
        try (SocketChannel one = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            ask(one, request(), 1 << 16);
            php.close();
            assertThrows(IOException.class, () -> read(one, 1));
        }
    }

    private static byte[] request() {
        Params params = new Params();
        params.begin();
        params.add("SCRIPT_FILENAME", "/function.php");
        ByteBuf bytes = params.finish(UnpooledByteBufAllocator.DEFAULT, true);
        try {
            return ByteBufUtil.getBytes(bytes);
        } finally {
            bytes.release();
        }
    }

    /** @return the body of the answer, of which all records have the number of the request */
    private static String ask(SocketChannel connection, byte[] request, int piece) throws IOException {
        for (int at = 0; at < request.length; at += piece) {
            connection.write(ByteBuffer.wrap(request, at, Math.min(piece, request.length - at)));
        }
        StringBuilder output = new StringBuilder();
        while (true) {
            ByteBuffer header = read(connection, 8);
            assertEquals(ByteBuffer.wrap(request).getShort(2), header.getShort(2));
            int length = header.getShort(4) & 0xFFFF;
            byte[] content = read(connection, length + header.get(6)).array();
            if (header.get(1) == 3) {
                String text = output.toString();
                return text.substring(text.indexOf("\r\n\r\n") + 4);
            }
            output.append(new String(content, 0, length, StandardCharsets.US_ASCII));
        }
    }

    private static ByteBuffer read(SocketChannel connection, int length) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(length);
        while (in.hasRemaining()) {
            if (connection.read(in) < 0) {
                throw new EOFException();
            }
        }
        return in.flip();
    }
}
