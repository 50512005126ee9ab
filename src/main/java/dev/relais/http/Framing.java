package dev.relais.http;

import dev.relais.Digits;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/** What a request's head says of its body (RFC 9112 section 6). */
public final class Framing {
    private Framing() {}

    /** Whether a request has a body at all (RFC 9112 section 6.3; in HTTP/2 the stream says). */
    public static boolean isPresent(HttpServerRequest request) {
        return isAnnounced(request) || request.version() == HttpVersion.HTTP_2 && !request.isEnded();
    }

    /** Like {@link #isPresent}, but also of an HTTP/2 stream that its head ends, which Vert.x shows only a moment later. */
    public static boolean mayHaveBody(HttpServerRequest request) {
        return isAnnounced(request)
                || request.version() == HttpVersion.HTTP_2
                        && !request.isEnded()
                        && VertxConnection.isStreamOpen(request);
    }

    /** Whether the head says that there is a body, of a length or of chunks. */
    public static boolean isAnnounced(HttpServerRequest request) {
        return request.headers().contains("Content-Length") || request.headers().contains("Transfer-Encoding");
    }

    /** The number of bytes that the head announces; -1 when it announces none. */
    public static long length(HttpServerRequest request) {
        String value = request.getHeader("Content-Length");
        if (value == null) {
            return -1;
        }
        long length = Digits.parse(value, Long.MAX_VALUE - 1);
        return length < 0
                ? Long.MAX_VALUE
                : length; // the HTTP decoder lets no such length through, and the largest number is the safe choice
    }
}
