package dev.relais.warmup;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Some clients of a server of this host, one connection each, which ask all at once and wait until each has its answer. One thread. */
final class LoopbackClients implements AutoCloseable {
    private final List<SocketChannel> connections = new ArrayList<>();
    private final ByteBuffer in = ByteBuffer.allocate(4 << 10);
    private final byte[] last;

    /** @param last what an answer ends with, and nothing before it in the answer does */
    LoopbackClients(InetSocketAddress server, int count, String last) throws IOException {
        this.last = last.getBytes(StandardCharsets.US_ASCII);
        try {
            for (int i = 0; i < count; i++) {
                connections.add(SocketChannel.open(server));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Each sends this request, and gets its answer. Blocks until then, or until {@link #close}. */
    void ask(byte[] request) throws IOException {
        for (SocketChannel connection : connections) {
            connection.write(ByteBuffer.wrap(request));
        }
        for (SocketChannel connection : connections) {
            await(connection);
        }
    }

    private void await(SocketChannel connection) throws IOException {
        in.clear();
        while (!isWhole()) {
            if (connection.read(in) <= 0) {
                throw new EOFException("closed, or an answer of more than " + in.capacity() + " bytes");
            }
        }
    }

    private boolean isWhole() {
        int start = in.position() - last.length;
        if (start < 0) {
            return false;
        }
        for (int i = 0; i < last.length; i++) {
            if (in.get(start + i) != last[i]) {
                return false;
            }
        }
        return true;
    }

    /** Any thread. */
    @Override
    public void close() throws IOException {
        for (SocketChannel connection : connections) {
            connection.close();
        }
    }
}
