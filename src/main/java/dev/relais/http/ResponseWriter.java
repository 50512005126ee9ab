package dev.relais.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.impl.VertxByteBufAllocator;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/**
 * Writes a function's answer as HTTP. What one read from the child brought goes out in one write; an answer that is complete
 * with its first read goes out whole, with its Content-Length. Confined to the request's event loop.
 */
public final class ResponseWriter {
    /** Of HTTP/2 (RFC 9113 section 7); without a code a client may take what it has got for the whole. */
    private static final int INTERNAL_ERROR = 2;

    private static final byte[] FILE_NOT_FOUND = "File not found.\n".getBytes(StandardCharsets.US_ASCII);

    private final ConnectionEnd connectionEnd;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Compression compression;
    private final CountedWrites out;
    private Compressor compressor; // null: the body goes out as it is
    private ByteBuf pending; // null: nothing waits to be written
    private boolean headWritten;
    private boolean noBody;
    private boolean buffered = true;
    private long announced = -1; // the function's own Content-Length
    private long taken;

    /**
     * Hears of every write in HTTP/2: Vert.x gives one that nobody follows a void promise, whose failure, which may be no more than
     * this stream's reset, ends the connection and with it the answers of all its streams. Null in HTTP/1.
     */
    private final Handler<AsyncResult<Void>> onWritten;

    private int underWay; // writes of an HTTP/2 stream that its client's windows, or the socket, have not let through
    private Runnable onIdle; // run when there are none left; null: nobody asks

    /**
     * @param loop of the request
     * @param compression null: off
     * @param budget of all answers
     */
    public ResponseWriter(HttpServerRequest request, EventLoop loop, Compression compression, MemoryBudget budget) {
        this.connectionEnd = new ConnectionEnd(request, loop);
        this.out = new CountedWrites(request, budget);
        this.compression = compression;
        this.request = request;
        this.response = request.response();
        this.onWritten = request.version() == HttpVersion.HTTP_2 ? this::onWritten : null;
    }

    private void onWritten(AsyncResult<Void> result) {
        underWay--;
        if (underWay == 0 && onIdle != null && result.succeeded()) {
            onIdle.run();
        }
    }

    /** What to run whenever nothing of an HTTP/2 stream is under way any more. */
    public void onIdle(Runnable told) {
        onIdle = told;
    }

    /** Whether an HTTP/2 stream holds nothing: what is to wait for its client should wait in it, where it is seen to wait. */
    public boolean isIdle() {
        return onWritten != null && underWay == 0;
    }

    private void send(ByteBuf bytes) {
        underWay++;
        out.write(bytes, onWritten);
    }

    /**
     * Takes the head; nothing is written yet.
     *
     * @param close whether the connection ends with this answer
     */
    public void head(AnswerHead head, String date, boolean close) {
        int status = head.head().status();
        status(status, head.head().reason());
        MultiMap headers = response.headers();
        head.addTo(headers);
        if (!headers.contains("Date")) {
            headers.add("Date", date);
        }
        if (close) {
            connectionEnd.announce();
        }
        if (status == 304) {
            WeakenedTags.keepIn304(request.headers(), headers);
        }
        noBody = request.method() == HttpMethod.HEAD || head.isBodiless();
        announced = head.length();
        buffered = head.buffered();
        if (status == 205) {
            headers.set("Content-Length", "0");
        } else if (announced >= 0 && status != 204) {
            headers.set("Content-Length", Long.toString(announced));
        }
    }

    private void status(int code, String reason) {
        response.setStatusCode(code);
        if (!reason.equals(response.getStatusMessage())) {
            response.setStatusMessage(reason);
        }
    }

    /** Takes body bytes, of which those beyond the announced length are dropped. The buffer is read, not kept. */
    public void body(ByteBuf in, int length) {
        int wanted = wanted(length);
        if (wanted > 0) {
            if (pending == null) {
                pending = VertxByteBufAllocator.DEFAULT.heapBuffer(wanted);
            }
            pending.writeBytes(in, in.readerIndex(), wanted);
        }
    }

    /** Counts body bytes that somebody else will {@link #write}. @return how many of them the client is to get */
    public int wanted(int length) {
        if (noBody) {
            return 0;
        }
        int wanted = announced < 0 ? length : (int) Math.min(length, announced - taken);
        taken += wanted;
        return wanted;
    }

    /** Bytes of the announced length that have not come; 0 when none was announced. */
    public long missing() {
        return announced < 0 ? 0 : announced - taken;
    }

    /** Whether all that the client is to get has been taken: the announced length, or nothing where there is no body. */
    public boolean isWhole() {
        return noBody || announced >= 0 && taken == announced;
    }

    /** Whether bytes of the announced length have not come, and the head that announces them is still to be written. */
    public boolean isCorrectable() {
        return !headWritten && !isWhole() && announced >= 0;
    }

    /** Whether Relais may read the answer faster than the client takes it: the function has not said X-Accel-Buffering: no. */
    public boolean isBuffered() {
        return buffered;
    }

    /** Writes bytes that were counted before; after a {@link #flush}. The buffer is the writer's from now on. */
    public void write(ByteBuf counted) {
        send(counted);
    }

    /** Whether the client's connection takes no more for now. */
    public boolean isFull() {
        return response.writeQueueFull();
    }

    /** Writes what was taken. @return false when the client's connection takes no more for now */
    public boolean flush() {
        if (noBody) {
            return true; // the head goes out with the end
        }
        if (!headWritten) {
            headWritten = true;
            beginCompression(announced);
            if (announced < 0 || compressor != null) {
                startUnknownLength();
            }
            if (pending == null && request.version() != HttpVersion.HTTP_1_0) {
                response.writeHead();
                return true;
            }
        }
        if (pending != null) {
            ByteBuf chunk = compressor == null ? pending : compressor.compress(pending);
            pending = null;
            send(chunk);
        }
        return !isFull();
    }

    /** The last change of the head. @param size of the whole body; -1 when it is not known */
    private void beginCompression(long size) {
        if (compression != null) {
            compressor = compression.begin(request, response, size);
        }
    }

    /** Chunks, or in HTTP/1.0, which has none, the end of the connection (RFC 9112 section 6.3). */
    private void startUnknownLength() {
        response.setChunked(true);
        if (request.version() == HttpVersion.HTTP_1_0) {
            connectionEnd.announce();
        }
    }

    /**
     * Ends the answer. One whose announced length has not come gets the length that it has, as long as its head is not written.
     *
     * @param last run when its last byte was written, or the client is gone; null: nobody waits for that
     * @return false when bytes of the announced length are missing: the answer was broken off behind what there is
     */
    public boolean end(Handler<AsyncResult<Void>> last) {
        if (isCorrectable()) {
            announced = taken;
            response.headers().set("Content-Length", Long.toString(taken));
        }
        if (announced >= 0 && !isWhole()) {
            if (pending != null) {
                flush();
            }
            breakOff();
            return false;
        }
        if (!headWritten) {
            beginCompression(taken); // 0 for a head alone
        }
        if (compressor != null) {
            pending = compressor.finish(pending);
            compressor = null;
        }
        onIdle = null;
        underWay++;
        Handler<AsyncResult<Void>> told = last == null ? onWritten : last;
        if (pending != null) {
            ByteBuf bytes = pending;
            pending = null;
            out.end(bytes, told);
        } else {
            response.end(told);
        }
        connectionEnd.close();
        return true;
    }

    /** Whether this is PHP-FPM's own answer for a script that is not there; nothing of it is written yet. */
    public boolean isScriptMissing() {
        return !headWritten
                && response.getStatusCode() == 404
                && pending != null
                && pending.readableBytes() == FILE_NOT_FOUND.length
                && ByteBufUtil.equals(pending, Unpooled.wrappedBuffer(FILE_NOT_FOUND));
    }

    /** Forgets an answer of which nothing is written. */
    public void reset() {
        release();
        response.headers().clear();
        announced = -1;
        taken = 0;
        noBody = false;
    }

    /** Gives back what the answer holds in memory; nothing is written any more. Idempotent. */
    public void release() {
        if (pending != null) {
            pending.release();
            pending = null;
        }
        if (compressor != null) {
            compressor.close();
            compressor = null;
        }
    }

    public boolean isHeadWritten() {
        return headWritten;
    }

    /** Answers with a problem instead; only while no head is written. */
    public void problem(Problem problem, String date, boolean close, String extraName, String extraValue) {
        reset();
        headWritten = true;
        if (problem == Problem.MEMORY_FULL && out.refusedStream()) {
            return;
        }
        status(problem.status(), HttpResponseStatus.valueOf(problem.status()).reasonPhrase());
        MultiMap headers = response.headers();
        headers.set("Content-Type", Problem.CONTENT_TYPE);
        headers.set("Date", date);
        headers.set("Cache-Control", "no-store");
        if (extraName != null) {
            headers.set(extraName, extraValue);
        } else if (problem == Problem.MEMORY_FULL || problem == Problem.SPOOL_FULL) {
            headers.set("Retry-After", "1");
        }
        if (close) {
            connectionEnd.announce();
        }
        out.end(Unpooled.copiedBuffer(problem.json(), StandardCharsets.US_ASCII), written -> connectionEnd.written());
        connectionEnd.close();
    }

    /** The answer is complete, the request never will be. */
    public void giveUpBody() {
        connectionEnd.giveUpBody();
    }

    /** Makes the client see that the answer is not whole: resets the stream, or closes the connection. */
    public void breakOff() {
        onIdle = null;
        reset();
        response.closeHandler(null); // it is we who close
        response.reset(INTERNAL_ERROR);
    }
}
