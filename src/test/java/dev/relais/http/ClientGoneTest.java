package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientGoneTest {
    @TempDir
    Path temporary;

    @Test
    void byTheExceptionsOfEachKindOfSockets() {
        assertTrue(ClientGone.is(new ClosedChannelException()));
        Epoll.ensureAvailability(); // loads what the next line needs
        assertTrue(ClientGone.is(new Errors.NativeIoException("sendfile", Errors.ERRNO_EPIPE_NEGATIVE)));
        assertTrue(ClientGone.is(Http2Exception.streamError(3, Http2Error.STREAM_CLOSED, "reset")));
        assertTrue(ClientGone.is(new SocketException("Connection reset")));
    }

    @Test
    void notByThoseOfAFile() {
        assertFalse(ClientGone.is(new IOException("a.txt was cut while it was read")));
        assertFalse(ClientGone.is(new IOException("Underlying file size 3 smaller then requested count 7")));
        assertFalse(ClientGone.is(new IOException("Input/output error")));
        assertFalse(ClientGone.is(new IOException()));
        assertFalse(ClientGone.is(new IllegalStateException("Broken pipe")));
    }

    /** What the JDK says when the kernel does not copy a file into a socket that was closed. */
    @Test
    void byWhatTheKernelSaysOfAFileThatIsSentToNobody() throws IOException {
        Path file = Files.write(temporary.resolve("file"), new byte[1 << 20]);
        try (ServerSocketChannel server =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel client = SocketChannel.open(server.getLocalAddress());
                SocketChannel accepted = server.accept();
                FileChannel content = FileChannel.open(file)) {
            client.write(
                    ByteBuffer.allocate(1)); // which nobody reads, so that the kernel resets the connection at the end
            accepted.close();
            IOException failure = assertThrows(IOException.class, () -> {
                while (true) {
                    content.transferTo(0, 1 << 20, client);
                }
            });
            assertTrue(ClientGone.is(failure), failure::toString);
        }
    }
}
