package dev.relais.warmup;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers FastCGI requests as PHP would, and runs nothing: the first on each connection with a process number, as {@code slot.Proof} wants
 * it, each further one with the same small page. As a child of PHP-FPM does, each connection has a thread of its own, which reads, answers,
 * and reads again.
 */
final class StandInPhp implements AutoCloseable {
    private static final int HEADER = 8;
    private static final int BEGIN_REQUEST = 1;
    private static final int END_REQUEST = 3;
    private static final int STDIN = 5;
    private static final int STDOUT = 6;
    /** More than the requests of the warm-up have. */
    private static final int MOST_BYTES = 16 << 10;

    private final Path socket;
    private final byte[] proof;
    private final byte[] page;
    private final ServerSocketChannel server;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

    /**
     * Listens.
     *
     * @param socket where; nothing is there yet
     * @param pid of the process that it says it is
     * @param body of its page
     */
    StandInPhp(Path socket, long pid, String body) throws IOException {
        this.socket = socket;
        this.proof = answer(Long.toString(pid));
        this.page = answer(body);
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        start(this::accept);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "relais-warm-up-php");
        thread.setDaemon(true);
        thread.start();
    }

    /** As PHP writes it: one record with head and body, the end, and padding to eight bytes. */
    private static byte[] answer(String body) {
        byte[] content = ("X-Powered-By: PHP/8.2.0\r\nContent-type: text/html; charset=UTF-8\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
        int padding = -content.length & HEADER - 1;
        ByteBuffer records = ByteBuffer.allocate(HEADER + content.length + padding + 2 * HEADER);
        header(records, STDOUT, content.length, padding).put(content);
        records.position(records.position() + padding);
        header(records, END_REQUEST, HEADER, 0);
        return records.array();
    }

    /** The number of the request is written into it later. */
    private static ByteBuffer header(ByteBuffer records, int type, int length, int padding) {
        return records.put((byte) 1)
                .put((byte) type)
                .putShort((short) 0)
                .putShort((short) length)
                .put((byte) padding)
                .put((byte) 0);
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                open.add(channel);
                start(() -> serve(channel));
            }
        } catch (IOException e) {
            closeAll(); // the warm-up is over
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            ByteBuffer in = ByteBuffer.allocate(MOST_BYTES);
            byte[] answer = proof;
            while (true) {
                int request = read(channel, in);
                channel.write(numbered(answer, request));
                answer = page;
            }
        } catch (IOException e) {
            open.remove(channel); // the gateway, or the end, has closed it
        }
    }

    /** @return the number of the request that has come whole */
    private static int read(SocketChannel channel, ByteBuffer in) throws IOException {
        int request = 0;
        while (true) {
            in.flip();
            while (in.remaining() >= HEADER) {
                int at = in.position();
                int type = in.get(at + 1);
                int length = in.getShort(at + 4) & 0xFFFF;
                int whole = HEADER + length + (in.get(at + 6) & 0xFF);
                if (in.remaining() < whole) {
                    break;
                }
                in.position(at + whole);
                request = type == BEGIN_REQUEST ? in.getShort(at + 2) : request;
                if (type == STDIN && length == 0) {
                    in.compact();
                    return request;
                }
            }
            in.compact();
            if (channel.read(in) <= 0) {
                throw new IOException("closed, or a record of more than " + MOST_BYTES + " bytes");
            }
        }
    }

    private static ByteBuffer numbered(byte[] answer, int request) {
        ByteBuffer out = ByteBuffer.wrap(answer.clone());
        out.putShort(2, (short) request);
        out.putShort(answer.length - 2 * HEADER + 2, (short) request);
        return out;
    }

    private void closeAll() {
        for (SocketChannel channel : open) {
            try {
                channel.close();
            } catch (IOException e) {
                open.remove(channel); // it is closed anyway
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        closeAll();
        Files.deleteIfExists(socket);
    }
}
