package dev.relais.fastcgi;

import dev.relais.testing.Patience;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A FastCGI peer that does what the test says, even what PHP would never do. It has one plain thread for each connection on a
 * real Unix socket.
 */
public final class ScriptedPeer implements AutoCloseable {
    /** What the peer does with one connection, which is closed when the method returns. */
    @FunctionalInterface
    public interface Script {
        void serve(Line line) throws Exception;
    }

    private final Path socket;
    private final ServerSocketChannel server;
    private final Script script;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private volatile Throwable failure;

    private ScriptedPeer(Path socket, Script script) throws IOException {
        this.socket = socket;
        this.script = script;
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
    }

    public static ScriptedPeer start(Path directory, Script script) throws IOException {
        ScriptedPeer peer = new ScriptedPeer(directory.resolve("peer.sock"), script);
        thread(peer::accept);
        return peer;
    }

    /** A connection that the other side opens, as a resident application does. The caller cuts it. */
    public static Line connect(Path socket) throws IOException {
        return new Line(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    }

    private static void thread(Runnable task) {
        Thread thread = new Thread(task, "scripted-peer");
        thread.setDaemon(true);
        thread.start();
    }

    public Path socket() {
        return socket;
    }

    /** The number of its connections now. */
    public int connections() {
        return open.size();
    }

    /** Cuts all connections, as a dying master does. */
    public void cut() throws IOException {
        for (SocketChannel channel : open) {
            channel.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                open.add(channel);
                thread(() -> serve(channel));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            script.serve(new Line(channel));
        } catch (IOException gone) {
            // The other side closed, which many a test is about.
        } catch (Exception | AssertionError e) {
            failure = e;
        } finally {
            open.remove(channel);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
        Files.deleteIfExists(socket);
        if (failure != null) {
            throw new AssertionError("the peer's script failed", failure);
        }
    }

    /** One connection, blocking. */
    public static final class Line {
        /**
         * One request.
         *
         * @param params the PARAMS contents joined
         * @param kept whether the connection is to be kept after it
         */
        public record Request(byte[] params, boolean kept) {
            public boolean has(String text) {
                return new String(params, java.nio.charset.StandardCharsets.ISO_8859_1).contains(text);
            }
        }

        private final SocketChannel channel;
        private int largestStdin;
        private int requestId = 1;

        private Line(SocketChannel channel) {
            this.channel = channel;
        }

        /**
         * Reads up to the end of the PARAMS.
         *
         * @throws EOFException when the other side has closed
         */
        public Request readParams() throws IOException {
            java.io.ByteArrayOutputStream params = new java.io.ByteArrayOutputStream();
            ByteBuffer begin = ByteBuffer.wrap(read(8));
            check(begin.get(1) == 1, "BEGIN_REQUEST");
            requestId = begin.getShort(2) & 0xFFFF;
            check(requestId != 0, "an id");
            boolean kept = content(begin)[2] == 1;
            while (true) {
                ByteBuffer header = header();
                check(header.get(1) == 4, "PARAMS");
                byte[] content = content(header);
                if (content.length == 0) {
                    return new Request(params.toByteArray(), kept);
                }
                params.writeBytes(content);
            }
        }

        /** The next piece of the body; empty at its end. */
        public byte[] readStdin() throws IOException {
            ByteBuffer header = header();
            check(header.get(1) == 5, "STDIN");
            byte[] content = content(header);
            largestStdin = Math.max(largestStdin, content.length);
            return content;
        }

        /** Reads a whole request. */
        public Request readRequest() throws IOException {
            Request request = readParams();
            while (readStdin().length > 0) {
                check(largestStdin <= 65_535, "a record");
            }
            return request;
        }

        /**
         * Writes whole records. Records with the id 1, as {@link Wire} makes them, get the id of the request that was read
         * last.
         */
        public void answer(byte[] records) throws IOException {
            byte[] stamped = records.clone();
            ByteBuffer in = ByteBuffer.wrap(stamped);
            for (int at = 0; at < stamped.length; ) {
                check(in.getShort(at + 2) == 1, "a record of request 1");
                in.putShort(at + 2, (short) requestId);
                at += 8 + (in.getShort(at + 4) & 0xFFFF) + (in.get(at + 6) & 0xFF);
            }
            write(stamped);
        }

        /** Writes these bytes unchanged. */
        public void write(byte[] bytes) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }

        /** Serves request after request with this answer. */
        public void answerAll(byte[] answer) throws IOException {
            while (true) {
                readRequest();
                answer(answer);
            }
        }

        /** Closes this connection, from any thread. What the script then does with it fails. */
        public void cut() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Returns when the other side has closed. */
        public void awaitClose() throws IOException {
            ByteBuffer sink = ByteBuffer.allocate(65_536);
            while (channel.read(sink) >= 0) {
                sink.clear();
            }
        }

        private ByteBuffer header() throws IOException {
            ByteBuffer header = ByteBuffer.wrap(read(8));
            check(header.get(0) == 1 && (header.getShort(2) & 0xFFFF) == requestId, "a header of this request");
            return header;
        }

        private byte[] content(ByteBuffer header) throws IOException {
            byte[] content = read(header.getShort(4) & 0xFFFF);
            read(header.get(6) & 0xFF);
            return content;
        }

        /** Reads exactly this many bytes, whatever they mean. */
        public byte[] readBytes(int length) throws IOException {
            return read(length);
        }

        private byte[] read(int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(length);
            while (buffer.hasRemaining()) {
                if (channel.read(buffer) < 0) {
                    throw new EOFException();
                }
            }
            return buffer.array();
        }

        private static void check(boolean holds, String what) {
            if (!holds) {
                throw new AssertionError("not " + what);
            }
        }
    }

    /** Waits for a latch, for at most a minute. */
    public static void await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(Patience.SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still waiting after 10 s");
        }
    }
}
