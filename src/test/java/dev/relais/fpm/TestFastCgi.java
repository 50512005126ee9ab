package dev.relais.fpm;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A blocking FastCGI request without a body, for tests of processes only. */
final class TestFastCgi {
    private TestFastCgi() {}

    /** The body that a script answers with. */
    static String call(Path socket, Path script) throws IOException {
        return call(socket, script, Map.of());
    }

    /** @param more parameters of the request */
    static String call(Path socket, Path script, Map<String, String> more) throws IOException {
        try (SocketChannel channel = send(socket, script, more)) {
            return body(channel);
        }
    }

    /** The same for a whole request that is encoded already; it is released. */
    static String call(Path socket, ByteBuf request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(request.nioBuffer());
            return body(channel);
        } finally {
            request.release();
        }
    }

    private static String body(SocketChannel channel) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (ByteBuffer head = read(channel, 8); head != null && head.get(1) != 3; head = read(channel, 8)) {
            ByteBuffer content = read(channel, head.getShort(4) & 0xffff);
            read(channel, head.get(6) & 0xff);
            if (head.get(1) == 6 && content != null) {
                out.writeBytes(content.array());
            }
        }
        String answer = out.toString(StandardCharsets.UTF_8);
        int body = answer.indexOf("\r\n\r\n");
        return body < 0 ? answer : answer.substring(body + 4);
    }

    /** Sends the request and leaves the connection open. */
    static SocketChannel send(Path socket, Path script) throws IOException {
        return send(socket, script, Map.of());
    }

    private static SocketChannel send(Path socket, Path script, Map<String, String> more) throws IOException {
        ByteArrayOutputStream params = new ByteArrayOutputStream();
        Map<String, String> all = new HashMap<>(
                Map.of("SCRIPT_FILENAME", script.toString(), "REQUEST_METHOD", "GET", "QUERY_STRING", ""));
        all.putAll(more);
        all.forEach((name, value) -> {
            params.write(name.length());
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            params.writeBytes(
                    ByteBuffer.allocate(4).putInt(bytes.length | 0x80000000).array());
            params.writeBytes(name.getBytes(StandardCharsets.UTF_8));
            params.writeBytes(bytes);
        });
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        record(request, 1, new byte[] {0, 1, 0, 0, 0, 0, 0, 0});
        record(request, 4, params.toByteArray());
        record(request, 4, new byte[0]);
        record(request, 5, new byte[0]);
        channel.write(ByteBuffer.wrap(request.toByteArray()));
        return channel;
    }

    private static void record(ByteArrayOutputStream out, int type, byte[] content) {
        out.writeBytes(new byte[] {1, (byte) type, 0, 1, (byte) (content.length >> 8), (byte) content.length, 0, 0});
        out.writeBytes(content);
    }

    private static ByteBuffer read(SocketChannel channel, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                return null;
            }
        }
        return buffer;
    }
}
