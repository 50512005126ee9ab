package dev.relais.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The {@link Client} of HTTP/1.1. */
public final class Http1Client implements Client {
    private static final int PIECE = 64 << 10;

    private final RawClient wire;
    private boolean chunked; // the request's body
    private Answer head; // the last that was read
    private boolean ended; // its body

    private long left; // of its body; -1: in chunks, -2: up to the end of the connection

    public Http1Client(RawClient wire) {
        this.wire = wire;
    }

    /** The connection below, for single bytes. */
    public RawClient wire() {
        return wire;
    }

    @Override
    public Client begin(String method, String target, String... fields) throws IOException {
        StringBuilder lines = requestLine(method, target, fields);
        chunked = !lines.toString().toLowerCase(Locale.ROOT).contains("\r\ncontent-length:");
        if (chunked) {
            lines.append("Transfer-Encoding: chunked\r\n");
        }
        wire.send(lines.append("\r\n").toString());
        return this;
    }

    @Override
    public Client request(String method, String target, String... fields) throws IOException {
        wire.send(requestLine(method, target, fields).append("\r\n").toString());
        return this;
    }

    private static StringBuilder requestLine(String method, String target, String... fields) {
        StringBuilder lines = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n");
        for (int i = 0; i < fields.length; i += 2) {
            lines.append(fields[i]).append(": ").append(fields[i + 1]).append("\r\n");
        }
        return lines;
    }

    @Override
    public Client send(byte[] part) throws IOException {
        if (part.length == 0) {
            return this; // as a chunk it would be the last one
        }
        if (!chunked) {
            wire.send(part);
            return this;
        }
        ByteArrayOutputStream chunk = new ByteArrayOutputStream(part.length + 16);
        chunk.writeBytes((Integer.toHexString(part.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        chunk.writeBytes(part);
        chunk.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        wire.send(chunk.toByteArray());
        return this;
    }

    @Override
    public Client end() throws IOException {
        if (chunked) {
            wire.send("0\r\n\r\n");
        }
        return this;
    }

    @Override
    public Answer head() throws IOException {
        head = wire.answerHead();
        int status = head.status();
        String length = head.header("Content-Length");
        ended = status < 200 || status == 204 || status == 304 || "0".equals(length);
        left = "chunked".equals(head.header("Transfer-Encoding")) ? -1 : length == null ? -2 : Long.parseLong(length);
        return head;
    }

    @Override
    public byte[] piece() throws IOException {
        if (ended) {
            return new byte[0];
        }
        byte[] piece;
        if (left == -1) {
            piece = wire.chunk();
            ended = piece.length == 0;
        } else {
            piece = wire.some(left == -2 ? PIECE : (int) Math.min(left, PIECE));
            if (left == -2) {
                ended = piece.length == 0;
            } else if (piece.length == 0) {
                throw new EOFException(left + " bytes are missing");
            } else {
                left -= piece.length;
                ended = left == 0;
            }
        }
        return piece;
    }

    @Override
    public void cancel() throws IOException {
        wire.close();
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
