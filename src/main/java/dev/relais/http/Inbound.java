package dev.relais.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/**
 * The bytes of one request's body as they come from the client. Pausing and resuming a request that has ended does nothing here;
 * Vert.x throws an exception for it in HTTP/2. Confined to the request's event loop.
 */
public final class Inbound {
    /** Called with what arrives, in order, and not after the end or the failure. */
    public interface Reader {
        void onChunk(Buffer chunk);

        void onEnd();

        /** The client or its stream is gone, or what arrived is no valid body. */
        void onBroken(Throwable failure);
    }

    private final HttpServerRequest request;
    private final Callbacks callbacks;

    public Inbound(HttpServerRequest request, Callbacks callbacks) {
        this.request = request;
        this.callbacks = callbacks;
    }

    /** Begins to read; the request was paused since its head came. */
    public void read(Reader reader) {
        if (request.isEnded()) {
            reader.onBroken(new IllegalStateException("the stream was reset before its body was read"));
            return;
        }
        request.exceptionHandler(callbacks.handler(reader::onBroken));
        request.handler(callbacks.handler(reader::onChunk));
        request.endHandler(callbacks.handler(end -> reader.onEnd()));
        request.resume();
    }

    /** Asks the client to wait. */
    public void pause() {
        if (!request.isEnded()) {
            request.pause();
        }
    }

    public void resume() {
        if (!request.isEnded()) {
            request.resume();
        }
    }

    /** Reads what is left and drops it. @param onEnd run when there is no more */
    void drop(Runnable onEnd) {
        if (request.isEnded()) {
            onEnd.run();
            return;
        }
        request.exceptionHandler(gone -> {});
        request.handler(dropped -> {});
        request.endHandler(callbacks.handler(end -> onEnd.run()));
        request.resume();
    }
}
