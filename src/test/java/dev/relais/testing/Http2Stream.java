package dev.relais.testing;

import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The {@link Client} of HTTP/2: one request of an {@link Http2Client}, or several after each other, each a stream of its own. */
public final class Http2Stream implements Client {
    /** The codes of RST_STREAM and GOAWAY that tests name (RFC 9113 section 7). */
    public static final int NO_ERROR = 0;

    public static final int PROTOCOL_ERROR = 1;
    public static final int CANCEL = 8;

    private final Http2Client connection;
    private final ArrayDeque<Answer> heads = new ArrayDeque<>();
    private final ArrayDeque<byte[]> pieces = new ArrayDeque<>();
    private boolean ended; // the answer
    private boolean whole; // the request
    private int reset = -1;

    int id;
    long window;

    Http2Stream(Http2Client connection) {
        this.connection = connection;
    }

    /** For other streams, and for what concerns them all. */
    public Http2Client connection() {
        return connection;
    }

    /** The number of the request that was begun last. */
    public int id() {
        return id;
    }

    @Override
    public Http2Stream begin(String method, String target, String... fields) throws IOException {
        return begin(false, method, target, fields);
    }

    @Override
    public Http2Stream request(String method, String target, String... fields) throws IOException {
        return begin(true, method, target, fields);
    }

    private Http2Stream begin(boolean isWhole, String method, String target, String... fields) throws IOException {
        String[] all = new String[fields.length + 8];
        System.arraycopy(
                new String[] {":method", method, ":scheme", "http", ":path", target, ":authority", "localhost"},
                0,
                all,
                0,
                8);
        for (int i = 0; i < fields.length; i += 2) {
            all[8 + i] = fields[i].toLowerCase(Locale.ROOT);
            all[9 + i] = fields[i + 1];
        }
        return beginWith(isWhole, all);
    }

    /**
     * Sends a head as it stands.
     *
     * @param fields names and values, in turns, the pseudo header fields among them
     */
    public Http2Stream beginWith(boolean isWhole, String... fields) throws IOException {
        heads.clear();
        pieces.clear();
        ended = false;
        reset = -1;
        whole = isWhole;
        connection.begin(this, isWhole, fields);
        return this;
    }

    @Override
    public Http2Stream send(byte[] part) throws IOException {
        connection.data(this, part);
        return this;
    }

    @Override
    public Http2Stream end() throws IOException {
        if (!isOver()) {
            whole = true;
            connection.frame(Http2Client.DATA, Http2Client.END_STREAM, id, new byte[0]);
        }
        return this;
    }

    /** Ends the request with trailers. */
    public Http2Stream endWith(String... fields) throws IOException {
        whole = true;
        connection.headers(id, true, fields);
        return this;
    }

    @Override
    public Answer head() throws IOException {
        while (heads.isEmpty()) {
            readOn();
        }
        return heads.poll();
    }

    @Override
    public byte[] piece() throws IOException {
        while (pieces.isEmpty() && !ended) {
            readOn();
        }
        byte[] piece = pieces.isEmpty() ? new byte[0] : pieces.poll();
        if (piece.length > 0) {
            connection.give(id, piece.length);
        }
        return piece;
    }

    private void readOn() throws IOException {
        if (reset >= 0) {
            throw new IOException("the stream was reset with code " + reset);
        }
        if (ended) {
            throw new IOException("the stream has ended");
        }
        connection.read();
    }

    /**
     * The code of the RST_STREAM that ends the stream; drops what comes before.
     *
     * @throws IOException when it ends without one
     */
    public int awaitReset() throws IOException {
        while (reset < 0) {
            connection.read();
        }
        return reset;
    }

    /** Whether the gateway takes no more of this request: it was answered whole, or reset. */
    boolean isOver() {
        return reset >= 0 || ended && whole;
    }

    @Override
    public void cancel() throws IOException {
        cancel(CANCEL);
    }

    public void cancel(int code) throws IOException {
        reset = code;
        connection.frame(
                Http2Client.RST_STREAM,
                0,
                id,
                ByteBuffer.allocate(4).putInt(code).array());
    }

    void onHead(Http2Headers headers, boolean ends) {
        if (headers.status() != null) { // else they are trailers
            List<String> lines = new ArrayList<>();
            lines.add("HTTP/2 " + headers.status());
            for (Map.Entry<CharSequence, CharSequence> field : headers) {
                if (field.getKey().charAt(0) != ':') {
                    lines.add(field.getKey() + ": " + field.getValue());
                }
            }
            heads.add(new Answer(lines, new byte[0]));
        }
        ended |= ends;
    }

    void onData(byte[] bytes, int flags) {
        if (bytes.length > 0) {
            pieces.add(bytes);
        }
        ended |= (flags & Http2Client.END_STREAM) != 0;
    }

    void onReset(int code) {
        reset = code;
    }

    /** Closes the connection, and so all of its streams. */
    @Override
    public void close() throws IOException {
        connection.close();
    }
}
