package dev.relais.service;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends datagrams to the Unix socket of a service manager (sd_notify(3)). The JDK has no such sockets and Netty's library for epoll has;
 * no event loop takes part. The kernel adds the number of this process, so the manager need not believe other processes of the service,
 * such as PHP. Any thread; nothing blocks.
 */
final class NotifySocket implements Closeable {
    static final String VARIABLE = "NOTIFY_SOCKET";
    /** The most bytes of a datagram; what is longer is cut. */
    static final int LONGEST = 1024;

    private final byte[] path;
    private final Socket socket;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(LONGEST); // guarded by this

    private NotifySocket(byte[] path, Socket socket) {
        this.path = path;
        this.socket = socket;
    }

    /**
     * @param environment of the process
     * @return null when no service manager waits for datagrams
     * @throws IOException when one does, and none can be sent to it
     */
    static @Nullable NotifySocket open(Map<String, String> environment) throws IOException {
        String name = environment.get(VARIABLE);
        if (name == null || name.isEmpty()) {
            return null;
        }
        if (!name.startsWith("/") && !name.startsWith("@") || name.length() == 1) {
            throw new IOException(VARIABLE + " is neither a path nor an abstract name: " + name);
        }
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        if (path[0] == '@') {
            path[0] = 0; // an abstract name, unix(7)
        }
        if (path.length > Socket.UDS_SUN_PATH_SIZE - 1) {
            throw new IOException(VARIABLE + " is longer than the system takes: " + name);
        }
        if (!Epoll.isAvailable()) {
            throw new IOException("Netty has no library for this system: " + Epoll.unavailabilityCause());
        }
        return new NotifySocket(path, Socket.newSocketDomainDgram());
    }

    /**
     * @param state lines, each of the form KEY=value, without a newline at the end
     * @return false when the manager has too many datagrams to read, so that this one has to be sent again
     */
    synchronized boolean send(String state) throws IOException {
        byte[] bytes = state.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, LONGEST);
        buffer.clear().put(bytes, 0, length);
        return socket.sendToDomainSocket(buffer, 0, length, path) == length;
    }

    @Override
    public synchronized void close() throws IOException {
        socket.close();
    }
}
