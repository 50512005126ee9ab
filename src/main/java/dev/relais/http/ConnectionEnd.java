package dev.relais.http;

import io.netty.channel.EventLoop;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection, or an HTTP/2 stream, with an answer of a function, a file or a problem. In HTTP/1 the head says so, no
 * following request is run, and the connection is closed when the rest of the body has been read. A close with unread bytes
 * would reset the connection, and the client might never see the answer (RFC 9112 section 9.6). Confined to the request's event
 * loop.
 */
public final class ConnectionEnd {
    /** For how long the rest of a body is still read, since the answer has told the client to stop sending. */
    private static final long LINGER_MILLIS = 2_000;

    /** The HTTP/2 error code for a request that is no longer needed (RFC 9113 section 8.1). */
    private static final int NO_ERROR = 0;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final EventLoop loop;
    private boolean announced;

    ConnectionEnd(HttpServerRequest request, EventLoop loop) {
        this.request = request;
        this.response = request.response();
        this.loop = loop;
    }

    /**
     * Whether the connection has to end with the answer. A body that is not read would be taken for the next request, and what
     * follows a malformed head could be anything. HTTP/2 separates its streams, so it is not concerned.
     */
    public static boolean isNeeded(HttpServerRequest request, boolean malformed, boolean draining) {
        boolean unread = !request.isEnded() && Framing.isPresent(request);
        return draining || (malformed || unread) && !isHttp2(request);
    }

    private static boolean isHttp2(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_2;
    }

    /** Announces, before the head is written, that nothing follows. In HTTP/2 a frame says it at once. */
    void announce() {
        if (isHttp2(request)) {
            // GOAWAY asks for no more streams; the open ones are served (RFC 9113 section 6.8).
            request.connection().goAway(0, Integer.MAX_VALUE);
            return;
        }
        announced = true;
        ConnectionClock connection = ConnectionClock.of(request);
        if (connection != null) {
            connection.endsWithAnswer();
        }
    }

    /** Whether the head has to say that nothing follows. HTTP/2 has no such field. */
    boolean isAnnounced() {
        return announced;
    }

    /** Ends the connection, after the answer's end was given to the response. */
    void close() {
        if (isHttp2(request)) {
            return;
        }
        if (announced && request.isEnded()) {
            response.close();
        } else if (announced) {
            dropBody();
        }
    }

    /**
     * Called when the answer's last byte was written. The rest of the request is not read, so an HTTP/2 stream is reset without
     * an error.
     */
    void written() {
        if (isHttp2(request) && !request.isEnded()) {
            response.reset(NO_ERROR);
        }
    }

    /** Ends a request whose rest will never come, though its answer is complete. */
    void giveUpBody() {
        written();
        if (!isHttp2(request)) {
            request.connection().close();
        }
    }

    private void dropBody() {
        request.exceptionHandler(gone -> {});
        request.handler(dropped -> {});
        request.endHandler(end -> response.close());
        request.resume();
        loop.schedule(() -> request.connection().close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }
}
