package dev.relais.testing;

import java.io.IOException;

/**
 * A client of which a test says each step, in the same words for HTTP/1.1 and HTTP/2: one request after another over one
 * connection. Nothing is read that the test does not ask for, so that the client may be a slow reader; each read waits half a
 * minute at most.
 */
public interface Client extends AutoCloseable {
    /** Sends a head that a body follows. Without a Content-Length the body goes in chunks, or in frames alone. @param fields names and values, in turns */
    Client begin(String method, String target, String... fields) throws IOException;

    /** Sends a whole request without a body. */
    Client request(String method, String target, String... fields) throws IOException;

    default Client get(String target, String... fields) throws IOException {
        return request("GET", target, fields);
    }

    /** Sends a part of the body; waits where the gateway takes no more. */
    Client send(byte[] part) throws IOException;

    /** The body is whole. */
    Client end() throws IOException;

    /** Reads the next head, an interim one (1xx) too. */
    Answer head() throws IOException;

    /** The next bytes of the body; empty at its orderly end. @throws IOException when the answer is broken off */
    byte[] piece() throws IOException;

    /** Reads one final answer with its body. */
    Answer answer() throws IOException;

    /** Whether the answer that has begun is broken off, rather than ended; drops what comes before. */
    default boolean isBrokenOff() {
        try {
            while (piece().length > 0) {}
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Gives this request up and no other: resets the stream; HTTP/1.1 has only the connection to close. */
    void cancel() throws IOException;

    /** Closes the connection, with bytes unread or not. */
    @Override
    void close() throws IOException;
}
