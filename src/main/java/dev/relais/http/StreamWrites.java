package dev.relais.http;

import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import org.jspecify.annotations.Nullable;

/**
 * The writes of an HTTP/2 stream that the client's windows or the socket have not yet taken. Each has a listener: Vert.x gives a write
 * without one a void promise, and when such a write fails, perhaps only because this stream was reset, the connection ends and with it
 * the answers of all its streams. In HTTP/1 there is none, and all its answers share one object. Confined to the request's event loop.
 */
final class StreamWrites {
    private static final StreamWrites NONE = new StreamWrites(false); // never changes

    private final @Nullable Handler<AsyncResult<Void>> listener; // null in HTTP/1
    private int underWay;
    private @Nullable Runnable onIdle; // run when there are none left; null for none

    private StreamWrites(boolean isStream) {
        listener = isStream ? this::done : null;
    }

    static StreamWrites of(boolean isStream) {
        return isStream ? new StreamWrites(true) : NONE;
    }

    /** A write begins, which is given this listener; null for none. */
    @Nullable
    Handler<AsyncResult<Void>> begin() {
        if (listener != null) {
            underWay++;
        }
        return listener;
    }

    private void done(AsyncResult<Void> result) {
        underWay--;
        if (underWay == 0 && onIdle != null && result.succeeded()) {
            onIdle.run();
        }
    }

    /** Sets what is run whenever the last running write is done; null for nothing. Never run in HTTP/1. */
    void onIdle(@Nullable Runnable told) {
        if (listener != null) {
            onIdle = told;
        }
    }

    /** Whether this is a stream that holds no bytes. */
    boolean isIdle() {
        return listener != null && underWay == 0;
    }
}
