package dev.relais.accesslog;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends datagrams to a Unix socket, such as /dev/log. The JDK has no such sockets and Netty's library for epoll has; no event loop takes
 * part. A server that does not read is waited for, but not for long.
 */
final class UnixDatagrams implements SyslogSink.Datagrams {
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int MOST_STEPS = 200;

    private final byte[] path;
    private final LongConsumer pause;
    private @Nullable Socket socket; // null until it is open

    /** @param pause waits for a number of nanoseconds */
    UnixDatagrams(String path, LongConsumer pause) {
        this.path = path.getBytes(StandardCharsets.UTF_8);
        this.pause = pause;
    }

    @Override
    public void open() throws IOException {
        if (!Epoll.isAvailable()) {
            throw new IOException("Netty has no library for this system: " + Epoll.unavailabilityCause());
        }
        socket = Socket.newSocketDomainDgram();
    }

    @Override
    public void send(ByteBuffer datagram) throws IOException {
        if (socket == null) {
            throw new IOException("it is not open");
        }
        int length = datagram.remaining();
        for (int step = 0; step < MOST_STEPS; step++) {
            if (socket.sendToDomainSocket(datagram, datagram.position(), datagram.limit(), path) == length) {
                return;
            }
            pause.accept(STEP_NANOS);
        }
        throw new IOException("the server does not read");
    }

    @Override
    public void close() {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            socket = null; // nothing is left to be lost
        }
    }
}
