package dev.relais.packaged;

import dev.relais.testing.Patience;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** An HTTP/2 client with prior knowledge (RFC 9113) that writes every frame itself, for what no real client does. */
final class Http2Wire implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int GOAWAY = 7;
    static final int END_STREAM_AND_HEADERS = 5;

    private final Socket socket;
    private final DataInputStream in;
    private ByteArrayOutputStream held; // null: each frame is sent at once

    record Frame(int type, int flags, int stream, ByteBuffer payload) {}

    Http2Wire(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(1_000 * Patience.SECONDS);
        in = new DataInputStream(socket.getInputStream());
        socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        send(SETTINGS, 0, 0, new byte[0]);
    }

    void send(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload);
        (held == null ? socket.getOutputStream() : held).write(frame.array());
    }

    /** From now on frames wait until they are sent together. */
    void hold() {
        held = new ByteArrayOutputStream();
    }

    /** Sends what was held in one piece, which is sent whole even when the gateway ends the connection for a part of it. */
    void sendHeld() throws IOException {
        socket.getOutputStream().write(held.toByteArray());
        held = null;
    }

    /**
     * Sends a GET without a body.
     *
     * @param fields name, value, name, value
     */
    void get(int stream, String path, String... fields) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.write(0x82); // :method GET
        block.write(0x86); // :scheme http
        literal(block, 0x04, path); // :path
        literal(block, 0x01, "localhost"); // :authority
        for (int i = 0; i < fields.length; i += 2) {
            block.write(0); // a name of our own
            string(block, fields[i]);
            string(block, fields[i + 1]);
        }
        send(HEADERS, END_STREAM_AND_HEADERS, stream, block.toByteArray());
    }

    private static void literal(ByteArrayOutputStream block, int name, String value) {
        block.write(name);
        string(block, value);
    }

    private static void string(ByteArrayOutputStream block, String text) {
        block.write(text.length()); // below 127, and not Huffman coded
        block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Closes the connection by a reset. */
    void vanish() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    Frame read() throws IOException {
        int head = in.readInt();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = in.readNBytes(head >>> 8);
        return new Frame(head & 0xFF, flags, stream, ByteBuffer.wrap(payload));
    }

    /** The next frame of this type; the ones before it are dropped. */
    Frame await(int type) throws IOException {
        Frame frame = read();
        while (frame.type() != type) {
            frame = read();
        }
        return frame;
    }

    /**
     * Drops what is left.
     *
     * @throws IOException when the connection is reset or stays open
     */
    void awaitEnd() throws IOException {
        in.readAllBytes();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
