package dev.relais.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * A client whose steps the test calls one by one, in the same way for HTTP/1.1 and HTTP/2. It sends one request after another
 * over one connection. It reads only what the test asks for, so that it may be a slow reader; each read waits for two minutes
 * at most.
 */
public interface Client extends AutoCloseable {
    /**
     * Sends a head that a body follows. Without a Content-Length the body is sent in chunks, or in HTTP/2 only in frames.
     *
     * @param fields name, value, name, value
     */
    Client begin(String method, String target, String... fields) throws IOException;

    /** Sends a whole request without a body. */
    Client request(String method, String target, String... fields) throws IOException;

    default Client get(String target, String... fields) throws IOException {
        return request("GET", target, fields);
    }

    /** Sends a part of the body, and waits while the gateway takes no more. */
    Client send(byte[] part) throws IOException;

    /** Ends the body. */
    Client end() throws IOException;

    /** Reads the next head, which may be an interim one (1xx). */
    Answer head() throws IOException;

    /**
     * The next bytes of the body; empty at its orderly end.
     *
     * @throws IOException when the answer is broken off
     */
    byte[] piece() throws IOException;

    /** Reads one final answer with its body. */
    default Answer answer() throws IOException {
        Answer answer = head();
        while (answer.status() < 200) {
            answer = head();
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] piece = piece(); piece.length > 0; piece = piece()) {
            body.writeBytes(piece);
        }
        return new Answer(answer.head(), body.toByteArray());
    }

    /** Whether the answer that has begun is broken off instead of ended. What comes before is dropped. */
    default boolean isBrokenOff() {
        try {
            while (piece().length > 0) {}
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Cancels this request only, by a reset of its stream; in HTTP/1.1 it closes the connection. */
    void cancel() throws IOException;

    /** Closes the connection, even with unread bytes. */
    @Override
    void close() throws IOException;
}
