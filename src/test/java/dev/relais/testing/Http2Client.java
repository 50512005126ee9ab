package dev.relais.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * One HTTP/2 connection (RFC 9113) whose frames the test sends one by one. It reads only while the test waits for something,
 * and opens its windows only for what the test has taken. So a test that takes nothing is a client with a closed window. For
 * one thread.
 */
public final class Http2Client implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    private static final int ACK = 1;
    private static final int PADDED = 8;
    private static final int PRIORITY = 0x20;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int MAX_FRAME = 16 << 10;

    private final Socket socket;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    // Sensitive, so that neither side keeps what a test repeats with one byte changed.
    private final DefaultHttp2HeadersEncoder encoder =
            new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.ALWAYS_SENSITIVE, false);
    private final Map<Integer, Http2Stream> streams = new HashMap<>();
    private final ByteArrayOutputStream block = new ByteArrayOutputStream();
    private boolean ends; // a stream, with the block that is being read
    private int nextStream = 1;
    private long window = 65_535; // what we may send on all streams together
    private long initialWindow = 65_535;
    private int goneAway = -1;

    public Http2Client(Socket socket) throws IOException {
        this(socket, 65_535);
    }

    /** @param streamWindow how many bytes of each answer the gateway may send before the test takes any */
    public Http2Client(Socket socket, int streamWindow) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 16 * 1024));
        socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(
                SETTINGS,
                0,
                0,
                ByteBuffer.allocate(6)
                        .putShort((short) INITIAL_WINDOW_SIZE)
                        .putInt(streamWindow)
                        .array());
    }

    public static Http2Client connect(int port) throws IOException {
        return new Http2Client(Sockets.connect(port, 0));
    }

    public static Http2Client connect(int port, int streamWindow) throws IOException {
        return new Http2Client(Sockets.connect(port, 0), streamWindow);
    }

    public static Http2Client connectTls(int port, int streamWindow) throws IOException {
        return new Http2Client(Certificate.connect(port, 0), streamWindow);
    }

    /** Makes another request. It gets its stream's number when it begins. */
    public Http2Stream stream() {
        return new Http2Stream(this);
    }

    /** Sends a frame as it is. */
    public void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        byte[] frame = ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
        socket.getOutputStream().write(frame);
    }

    /**
     * Begins a stream.
     *
     * @param fields name, value, name, value, with the pseudo header fields, sent as they are
     */
    void begin(Http2Stream stream, boolean whole, String... fields) throws IOException {
        streams.remove(stream.id); // what still comes for the request before is nobody's
        int id = nextStream;
        nextStream += 2;
        stream.id = id;
        stream.window = initialWindow;
        streams.put(id, stream);
        headers(id, whole, fields);
    }

    /** Sends a block of header fields: a head, or trailers. */
    void headers(int id, boolean whole, String... fields) throws IOException {
        Http2Headers headers = new DefaultHttp2Headers(false);
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(fields[i], fields[i + 1]);
        }
        ByteBuf bytes = Unpooled.buffer();
        try {
            encoder.encodeHeaders(id, headers, bytes);
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
        byte[] all = ByteBufUtil.getBytes(bytes);
        int type = HEADERS;
        int flags = whole ? END_STREAM : 0;
        int at = 0;
        do {
            int length = Math.min(MAX_FRAME, all.length - at);
            boolean last = at + length == all.length;
            frame(type, flags | (last ? END_HEADERS : 0), id, Arrays.copyOfRange(all, at, at + length));
            type = CONTINUATION;
            flags = 0;
            at += length;
        } while (at < all.length);
    }

    /** Sends as much of a body as the windows allow, and waits for the rest. */
    void data(Http2Stream stream, byte[] part) throws IOException {
        for (int at = 0; at < part.length; ) {
            int length = (int) Math.min(Math.min(window, stream.window), Math.min(MAX_FRAME, part.length - at));
            if (length > 0) {
                frame(DATA, 0, stream.id, Arrays.copyOfRange(part, at, at + length));
                window -= length;
                stream.window -= length;
                at += length;
            } else if (stream.isOver()) {
                return; // it was refused, or answered: the rest is not wanted
            } else {
                read();
            }
        }
    }

    /** Opens a window by what the test has taken. */
    void give(int stream, int bytes) throws IOException {
        byte[] size = ByteBuffer.allocate(4).putInt(bytes).array();
        frame(WINDOW_UPDATE, 0, 0, size);
        Http2Stream taking = streams.get(stream);
        if (taking != null && !taking.isOver()) {
            frame(WINDOW_UPDATE, 0, stream, size);
        }
    }

    /**
     * Reads one frame and passes it to its stream.
     *
     * @throws IOException at the end of the connection
     */
    public void read() throws IOException {
        int head = in.readInt();
        int flags = in.readUnsignedByte();
        int id = in.readInt();
        byte[] payload = new byte[head >>> 8];
        in.readFully(payload);
        Http2Stream stream = streams.get(id);
        switch (head & 0xFF) {
            case DATA -> {
                int pad = (flags & PADDED) == 0 ? 0 : 1 + (payload[0] & 0xFF);
                int from = pad == 0 ? 0 : 1;
                if (stream == null) {
                    give(0, payload.length);
                } else {
                    stream.onData(Arrays.copyOfRange(payload, from, payload.length - pad + from), flags);
                }
            }
            case HEADERS, CONTINUATION -> onHeaders(stream, id, flags, payload, (head & 0xFF) == HEADERS);
            case RST_STREAM -> {
                if (stream != null) {
                    stream.onReset(ByteBuffer.wrap(payload).getInt());
                }
            }
            case SETTINGS -> onSettings(flags, ByteBuffer.wrap(payload));
            case PING -> {
                if ((flags & ACK) == 0) {
                    frame(PING, ACK, 0, payload);
                }
            }
            case GOAWAY -> goneAway = ByteBuffer.wrap(payload).getInt(4);
            case WINDOW_UPDATE -> {
                int more = ByteBuffer.wrap(payload).getInt();
                if (id == 0) {
                    window += more;
                } else if (stream != null) {
                    stream.window += more;
                }
            }
            default -> {} // unknown ones are ignored (RFC 9113 section 4.1)
        }
    }

    private void onHeaders(Http2Stream stream, int id, int flags, byte[] payload, boolean first) throws IOException {
        if (first) {
            block.reset();
            ends = (flags & END_STREAM) != 0;
        }
        int priority = first && (flags & PRIORITY) != 0 ? 5 : 0;
        block.write(payload, priority, payload.length - priority);
        if ((flags & END_HEADERS) != 0) {
            try {
                Http2Headers headers = decoder.decodeHeaders(id, Unpooled.wrappedBuffer(block.toByteArray()));
                if (stream != null) {
                    stream.onHead(headers, ends);
                }
            } catch (Http2Exception e) {
                throw new IOException(e);
            }
        }
    }

    private void onSettings(int flags, ByteBuffer settings) throws IOException {
        if ((flags & ACK) != 0) {
            return;
        }
        while (settings.hasRemaining()) {
            int key = settings.getShort();
            int value = settings.getInt();
            if (key == INITIAL_WINDOW_SIZE) {
                for (Http2Stream stream : streams.values()) {
                    stream.window += value - initialWindow;
                }
                initialWindow = value;
            }
        }
        frame(SETTINGS, ACK, 0, new byte[0]);
    }

    /** The error code of the GOAWAY that was read; -1 for none. */
    public int goneAway() {
        return goneAway;
    }

    /** Whether the gateway ends the connection, within two minutes; drops what comes before. */
    public boolean isEnded() {
        try {
            while (true) {
                read();
            }
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
