package dev.relais.warmup;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Some clients of a server of this host, one connection each, which ask all at once and wait until each has its answer. One thread; an interrupt ends its wait. */
final class LoopbackClients implements AutoCloseable {
    private static final byte[] SUCCESS = "HTTP/1.1 200 ".getBytes(StandardCharsets.US_ASCII);

    private final InetSocketAddress server;
    private final int count;
    private final List<SocketChannel> connections = new ArrayList<>();
    private final ByteBuffer in = ByteBuffer.allocate(4 << 10);
    private final byte[] last;

    /** @param last what an answer ends with, and nothing before it in the answer does */
    LoopbackClients(InetSocketAddress server, int count, String last) throws IOException {
        this.server = server;
        this.count = count;
        this.last = last.getBytes(StandardCharsets.US_ASCII);
        connect();
    }

    /** Connects those that are not connected. */
    void connect() throws IOException {
        try {
            while (connections.size() < count) {
                connections.add(SocketChannel.open(server));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** As {@link #ask}, with a request after which the server closes; only the next request makes new connections, so that none is left unused. */
    void askLast(byte[] request) throws IOException {
        ask(request);
        close();
    }

    /**
     * Each sends this request, over a new connection when it has none, and gets its answer. Blocks until then, for ever when none comes.
     *
     * @throws IOException also when an answer is another one than is wanted: such as a refusal, of which the end is not known
     */
    void ask(byte[] request) throws IOException {
        connect();
        for (SocketChannel connection : connections) {
            connection.write(ByteBuffer.wrap(request));
        }
        for (SocketChannel connection : connections) {
            await(connection);
        }
    }

    /**
     * Waits until the server has taken all connections that were made, in whatever state they are: it takes them in their order, so the
     * answer to one more tells it. Without that, a server that closes finds some that it has no event loop for any more. No interrupt
     * ends this wait.
     *
     * @param request after whose answer the server closes
     * @param millis how long it waits at most; then nothing is known
     */
    static void settle(InetSocketAddress server, byte[] request, int millis) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(server, millis);
            socket.setSoTimeout(millis);
            socket.getOutputStream().write(request);
            if (socket.getInputStream().read() < 0) {
                throw new EOFException("closed");
            }
        }
    }

    private void await(SocketChannel connection) throws IOException {
        in.clear();
        while (!isWhole()) {
            if (connection.read(in) <= 0) {
                throw new EOFException("closed, or an answer of more than " + in.capacity() + " bytes");
            }
            if (in.position() >= SUCCESS.length && !hasAt(0, SUCCESS)) {
                throw new IOException(
                        "refused: " + new String(in.array(), 0, SUCCESS.length - 1, StandardCharsets.US_ASCII));
            }
        }
    }

    private boolean isWhole() {
        int start = in.position() - last.length;
        return start >= 0 && hasAt(start, last);
    }

    private boolean hasAt(int start, byte[] wanted) {
        for (int i = 0; i < wanted.length; i++) {
            if (in.get(start + i) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel connection : connections) {
            connection.close();
        }
        connections.clear();
    }
}
