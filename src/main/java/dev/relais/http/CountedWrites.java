package dev.relais.http;

import dev.relais.OutOfMemory;
import io.netty.buffer.ByteBuf;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * Writes one answer's body and counts the bytes in the budget of answers until the client has taken them or is gone. Confined
 * to the request's event loop.
 */
final class CountedWrites {
    /** The last bytes of an answer in HTTP/1 are not worth counting below this: the socket takes them nearly always. */
    private static final int UNCOUNTED = 4 << 10;

    /** The memory of an HTTP/2 stream that waits for its client although its request has ended. */
    private static final int STREAM_BYTES = 4 << 10;

    /** The HTTP/2 error code that says that nothing was done, so that the client may try again (RFC 9113 section 7). */
    private static final int REFUSED_STREAM = 7;

    private final HttpServerResponse response;
    private final boolean http2;
    private final MemoryBudget budget;

    CountedWrites(HttpServerRequest request, MemoryBudget budget) {
        this.response = request.response();
        this.http2 = request.version() == HttpVersion.HTTP_2;
        this.budget = budget;
    }

    /**
     * @param bytes owned by the response from now on
     * @param onWritten null for none
     */
    void write(ByteBuf bytes, @Nullable Handler<AsyncResult<Void>> onWritten) {
        int length = bytes.readableBytes();
        budget.count(length);
        response.write(Buffer.buffer(bytes), written -> gone(length, written, onWritten));
    }

    /** @param onWritten null for none */
    void end(ByteBuf last, @Nullable Handler<AsyncResult<Void>> onWritten) {
        if (!http2 && last.readableBytes() < UNCOUNTED) {
            response.end(Buffer.buffer(last), onWritten);
            return;
        }
        int length = last.readableBytes() + (http2 ? STREAM_BYTES : 0);
        budget.count(length);
        response.end(Buffer.buffer(last), written -> gone(length, written, onWritten));
    }

    private void gone(int length, AsyncResult<Void> written, @Nullable Handler<AsyncResult<Void>> onWritten) {
        budget.giveBack(length);
        OutOfMemory.mind(written.cause());
        if (onWritten != null) {
            onWritten.handle(written);
        }
    }

    boolean isBudgetUsedUp() {
        return budget.isUsedUp();
    }

    /**
     * Resets an HTTP/2 stream whose client takes nothing, where a problem would only wait for it.
     *
     * @return whether it has
     */
    boolean refusedStream() {
        boolean stuck = http2 && response.writeQueueFull();
        if (stuck) {
            response.reset(REFUSED_STREAM);
        }
        return stuck;
    }
}
