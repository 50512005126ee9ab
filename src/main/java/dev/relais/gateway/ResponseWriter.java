package dev.relais.gateway;

import dev.relais.fastcgi.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.buffer.impl.VertxByteBufAllocator;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Writes a function's answer as HTTP. What one read from the child brought goes out in one write; an answer that is complete
 * with its first read goes out whole, with its Content-Length. Confined to the request's event loop.
 */
final class ResponseWriter {
    /** Fields of one connection (RFC 9110 section 7.6.1), which a function cannot set, and the framing, which is ours. */
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "status");

    /** What a function tells nginx, and Relais in its place; never the client (nginx' fastcgi_hide_header hides them, too). */
    private static final String FOR_THE_SERVER = "X-Accel-";

    /** Of HTTP/2 (RFC 9113 section 7); without a code a client may take what it has got for the whole. */
    private static final int INTERNAL_ERROR = 2;

    private static final byte[] FILE_NOT_FOUND = "File not found.\n".getBytes(StandardCharsets.US_ASCII);

    private final ConnectionEnd connectionEnd;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Compression compression;
    private Compressor compressor; // null: the body goes out as it is
    private ByteBuf pending; // null: nothing waits to be written
    private boolean headWritten;
    private boolean noBody;
    private boolean buffered = true;
    private long announced = -1; // the function's own Content-Length
    private long taken;

    /**
     * @param loop of the request
     * @param compression null: off
     */
    ResponseWriter(HttpServerRequest request, EventLoop loop, Compression compression) {
        this.connectionEnd = new ConnectionEnd(request, loop);
        this.compression = compression;
        this.request = request;
        this.response = request.response();
    }

    /**
     * Takes the head; nothing is written yet.
     *
     * @param close whether the connection ends with this answer
     * @return false when its Content-Length is not a number: an invalid answer
     */
    boolean head(ResponseHead head, String date, boolean close) {
        status(head.status(), head.reason());
        MultiMap headers = response.headers();
        List<String> fields = head.fields();
        boolean dated = false;
        for (int i = 0; i < fields.size(); i += 2) {
            String name = fields.get(i);
            String value = fields.get(i + 1);
            if (name.equalsIgnoreCase("Content-Length")) {
                if (!announce(value)) {
                    return false;
                }
            } else if (name.regionMatches(true, 0, FOR_THE_SERVER, 0, FOR_THE_SERVER.length())) {
                buffered &= !(name.equalsIgnoreCase("X-Accel-Buffering") && value.equalsIgnoreCase("no"));
            } else if (!isHopByHop(name)) {
                dated |= name.equalsIgnoreCase("Date");
                headers.add(name, value);
            }
        }
        if (!dated) {
            headers.add("Date", date);
        }
        if (close) {
            connectionEnd.announce();
        }
        noBody = request.method() == HttpMethod.HEAD || head.status() == 204 || head.status() == 304;
        if (announced >= 0 && head.status() != 204) {
            headers.set("Content-Length", Long.toString(announced));
        }
        return true;
    }

    private void status(int code, String reason) {
        response.setStatusCode(code);
        if (!reason.equals(response.getStatusMessage())) {
            response.setStatusMessage(reason);
        }
    }

    private boolean announce(String value) {
        long length = 0;
        for (int i = 0; i < value.length(); i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9 || length > Long.MAX_VALUE / 10 - 1) {
                return false;
            }
            length = length * 10 + digit;
        }
        boolean differs = announced >= 0 && announced != length;
        announced = length;
        return !value.isEmpty() && !differs;
    }

    static boolean isHopByHop(String name) {
        // A look at the length spares nearly every field the lower-casing.
        int length = name.length();
        boolean candidate = length == 2 || length == 6 || length == 7 || length == 10 || length >= 16 && length <= 17;
        return candidate && HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Takes body bytes, of which those beyond the announced length are dropped. The buffer is read, not kept. */
    void body(ByteBuf in, int length) {
        int wanted = wanted(length);
        if (wanted > 0) {
            if (pending == null) {
                pending = VertxByteBufAllocator.DEFAULT.heapBuffer(wanted);
            }
            pending.writeBytes(in, in.readerIndex(), wanted);
        }
    }

    /** Counts body bytes that somebody else will {@link #write}. @return how many of them the client is to get */
    int wanted(int length) {
        if (noBody) {
            return 0;
        }
        int wanted = announced < 0 ? length : (int) Math.min(length, announced - taken);
        taken += wanted;
        return wanted;
    }

    /** Bytes of the announced length that have not come; 0 when none was announced. */
    long missing() {
        return announced < 0 ? 0 : announced - taken;
    }

    /** Whether the function may be taken its answer from ahead of the client: it has not said X-Accel-Buffering: no. */
    boolean isBuffered() {
        return buffered;
    }

    /** Writes bytes that were counted before; after a {@link #flush}. The buffer is the writer's from now on. */
    void write(ByteBuf counted) {
        response.write(Buffer.buffer(counted), null);
    }

    /** Whether the client's connection takes no more for now. */
    boolean isFull() {
        return response.writeQueueFull();
    }

    /** Writes what was taken. @return false when the client's connection takes no more for now */
    boolean flush() {
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
            Buffer chunk = Buffer.buffer(compressor == null ? pending : compressor.compress(pending));
            pending = null;
            response.write(chunk, null);
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
     * Ends the answer.
     *
     * @param onWritten run when its last byte was written, or the client is gone; null: nobody waits for that
     * @return false when bytes of the announced length are missing: the answer was broken off
     */
    boolean end(Handler<AsyncResult<Void>> onWritten) {
        if (announced >= 0 && taken < announced && !noBody) {
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
        if (pending != null) {
            Buffer last = Buffer.buffer(pending);
            pending = null;
            response.end(last, onWritten);
        } else {
            response.end(onWritten);
        }
        connectionEnd.close();
        return true;
    }

    /** Whether this is PHP-FPM's own answer for a script that is not there; nothing of it is written yet. */
    boolean isScriptMissing() {
        return !headWritten
                && response.getStatusCode() == 404
                && pending != null
                && pending.readableBytes() == FILE_NOT_FOUND.length
                && ByteBufUtil.equals(pending, Unpooled.wrappedBuffer(FILE_NOT_FOUND));
    }

    /** Forgets an answer of which nothing is written. */
    void reset() {
        release();
        response.headers().clear();
        announced = -1;
        taken = 0;
    }

    /** Gives back what the answer holds in memory; nothing is written any more. Idempotent. */
    void release() {
        if (pending != null) {
            pending.release();
            pending = null;
        }
        if (compressor != null) {
            compressor.close();
            compressor = null;
        }
    }

    boolean isHeadWritten() {
        return headWritten;
    }

    /** Answers with a problem instead; only while no head is written. */
    void problem(Problem problem, String date, boolean close, String extraName, String extraValue) {
        reset();
        headWritten = true;
        status(problem.status(), HttpResponseStatus.valueOf(problem.status()).reasonPhrase());
        MultiMap headers = response.headers();
        headers.set("Content-Type", Problem.CONTENT_TYPE);
        headers.set("Date", date);
        headers.set("Cache-Control", "no-store");
        if (extraName != null) {
            headers.set(extraName, extraValue);
        }
        if (close) {
            connectionEnd.announce();
        }
        response.end(problem.json(), written -> connectionEnd.written());
        connectionEnd.close();
    }

    /** Makes the client see that the answer is not whole: resets the stream, or closes the connection. */
    void breakOff() {
        reset();
        response.closeHandler(null); // it is we who close
        response.reset(INTERNAL_ERROR);
    }
}
