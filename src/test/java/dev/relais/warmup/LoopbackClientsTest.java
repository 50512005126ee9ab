package dev.relais.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LoopbackClientsTest {
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private ServerSocketChannel server;
    private LoopbackClients clients;
    private SocketChannel first;
    private SocketChannel second;

    @BeforeEach
    void connect() throws IOException {
        server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        clients = new LoopbackClients((InetSocketAddress) server.getLocalAddress(), 2, "warm");
        first = server.accept();
        second = server.accept();
    }

    @AfterEach
    void close() throws IOException {
        clients.close();
        first.close();
        second.close();
        server.close();
    }

    private static void answer(SocketChannel client, String text) throws IOException {
        client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void eachGetsItsAnswer() throws IOException {
        answer(first, "HTTP/1.1 200 OK\r\n\r\nwarm");
        answer(second, "HTTP/1.1 200 OK\r\n\r\nwarm");
        clients.ask(REQUEST);

        ByteBuffer asked = ByteBuffer.allocate(REQUEST.length);
        assertEquals(REQUEST.length, second.read(asked));
    }

    /** Its connection stays open, so nothing else would end the wait. */
    @Test
    void afterItsLastRequestEachHasANewConnection() throws IOException {
        answer(first, "HTTP/1.1 200 OK\r\n\r\nwarm");
        answer(second, "HTTP/1.1 200 OK\r\n\r\nwarm");
        clients.askLast("last".getBytes(StandardCharsets.US_ASCII));
        assertEquals(4, first.read(ByteBuffer.allocate(4)));
        assertEquals(-1, first.read(ByteBuffer.allocate(4)));
        first.close();
        second.close();
        clients.connect();
        first = server.accept();
        second = server.accept();
        answer(first, "HTTP/1.1 200 OK\r\n\r\nwarm");
        answer(second, "HTTP/1.1 200 OK\r\n\r\nwarm");
        clients.ask("next".getBytes(StandardCharsets.US_ASCII));
    }

    /** A connection that nobody asks by may still wait for the server when that closes. */
    @Test
    void afterItsLastRequestNoConnectionIsMadeThatIsNotUsed() throws IOException {
        answer(first, "HTTP/1.1 200 OK\r\n\r\nwarm");
        answer(second, "HTTP/1.1 200 OK\r\n\r\nwarm");
        clients.askLast(REQUEST);

        server.configureBlocking(false);
        assertNull(server.accept());
    }

    /** The server takes connections in their order, and has an event loop for each only until it closes. */
    @Test
    void whoSettlesWaitsUntilAllConnectionsAreTaken() throws Exception {
        InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
        AtomicInteger taken = new AtomicInteger();
        try (SocketChannel unused = SocketChannel.open(address);
                SocketChannel another = SocketChannel.open(address)) {
            assertTrue(unused.isConnected() && another.isConnected());
            Thread serving = new Thread(() -> {
                try {
                    for (int i = 0; i < 3; i++) {
                        SocketChannel one = server.accept();
                        if (taken.incrementAndGet() == 3) {
                            answer(one, "HTTP/1.1 200 OK\r\n\r\nwarm");
                        }
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            serving.start();
            LoopbackClients.settle(address, REQUEST, 30_000);
            assertEquals(3, taken.get());
            serving.join();
        }
    }

    @Test
    void whoSettlesDoesNotWaitForEver() {
        assertThrows(
                SocketTimeoutException.class,
                () -> LoopbackClients.settle((InetSocketAddress) server.getLocalAddress(), REQUEST, 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy",
                "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 431 Request Header Fields Too Large\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n",
                "SSH-2.0-OpenSSH_9.2"
            })
    void anotherAnswerIsNotWaitedForToItsEnd(String other) throws IOException {
        answer(first, "HTTP/1.1 200 OK\r\n\r\nwarm");
        answer(second, other);
        String told =
                assertThrows(IOException.class, () -> clients.ask(REQUEST)).getMessage();
        assertTrue(told.contains(other.substring(0, 12)), told);
    }

    @Test
    void aClosedConnectionEndsIt() throws IOException {
        answer(first, "HTTP/1.1 200 OK\r\n\r\nwar");
        first.close();
        assertThrows(EOFException.class, () -> clients.ask(REQUEST));
    }

    @Test
    void anAnswerWithoutEndEndsIt() throws IOException {
        answer(first, "HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(5000));
        assertThrows(EOFException.class, () -> clients.ask(REQUEST));
    }
}
