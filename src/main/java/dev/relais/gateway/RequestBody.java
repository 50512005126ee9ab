package dev.relais.gateway;

import dev.relais.fastcgi.Stdin;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.TimeUnit;

/**
 * Gathers a request body whole before a child is taken, so that a slow client occupies none and CONTENT_LENGTH is exact: in
 * memory first, in a spool file once it outgrows that. Confined to the request's event loop; the file is written on a worker
 * thread with the request paused.
 */
final class RequestBody {
    /** Told once how the gathering ended; not told after {@link #discard}. */
    interface Listener {
        void bodyComplete();

        void bodyRefused(Problem problem);
    }

    private final HttpServerRequest request;
    private final Gateway gateway;
    private final Edge edge;
    private final Listener listener;
    private final long maxSize;
    private final long maxMemory;

    private ByteBuf memory = Unpooled.EMPTY_BUFFER;
    private SpoolFile spool; // null: all in memory
    private long size;
    private boolean writing;
    private boolean arrived;
    private boolean done;
    private long startNanos;
    private long lastProgressNanos;
    private ScheduledFuture<?> timer;

    RequestBody(HttpServerRequest request, Gateway gateway, Edge edge, Listener listener) {
        this.request = request;
        this.gateway = gateway;
        this.edge = edge;
        this.listener = listener;
        this.maxSize = gateway.config().maxBodySize().asLongValue();
        this.maxMemory = gateway.config().bodyMemory().asLongValue();
    }

    /** Whether a request has a body at all (RFC 9112 section 6.3; in HTTP/2 the stream says). */
    static boolean isPresent(HttpServerRequest request) {
        return request.headers().contains("Content-Length")
                || request.headers().contains("Transfer-Encoding")
                || request.version() == io.vertx.core.http.HttpVersion.HTTP_2 && !request.isEnded();
    }

    /** Begins to gather; the request's handlers are set before this returns. */
    void gather() {
        long announced = announced();
        if (announced > maxSize) {
            refuse(Problem.BODY_TOO_LARGE);
            return;
        }
        if (announced > 0 && announced <= maxMemory) {
            memory = edge.loop().inEventLoop() ? Unpooled.buffer((int) announced) : memory;
        }
        request.exceptionHandler(this::onBroken);
        request.handler(this::onChunk);
        request.endHandler(end -> onEnd());
        startNanos = System.nanoTime();
        lastProgressNanos = startNanos;
        armTimer(gateway.config().bodyTimeout().toNanos());
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            request.response().writeContinue();
        }
        request.resume();
    }

    private long announced() {
        String value = request.getHeader("Content-Length");
        try {
            return value == null ? -1 : Long.parseLong(value);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE; // the HTTP decoder lets none through; too large is the safe reading
        }
    }

    /** A chunk that is none is answered as far as that is possible; a connection that is gone is {@link Invocation}'s to hear of. */
    private void onBroken(Throwable failure) {
        if (failure instanceof HttpClosedException || failure instanceof StreamResetException) {
            discard();
        } else if (!done) {
            refuse(Problem.MALFORMED_REQUEST);
            ((ConnectionBase) request.connection()).flush(); // next, Vert.x closes
        }
    }

    private void onChunk(Buffer chunk) {
        if (done) {
            return;
        }
        lastProgressNanos = System.nanoTime();
        size += chunk.length();
        if (size > maxSize) {
            refuse(Problem.BODY_TOO_LARGE);
            return;
        }
        ByteBuf bytes = chunk.getByteBuf();
        if (memory == Unpooled.EMPTY_BUFFER) {
            memory = Unpooled.buffer(bytes.readableBytes());
        }
        memory.writeBytes(bytes);
        if (memory.readableBytes() > maxMemory && !writing) {
            writeOut();
        }
    }

    /** Moves what is in memory to the file; the client waits meanwhile. */
    private void writeOut() {
        writing = true;
        request.pause();
        ByteBuf piece = memory;
        memory = Unpooled.EMPTY_BUFFER;
        gateway.vertx()
                .executeBlocking(
                        () -> {
                            if (spool == null) {
                                spool = SpoolFile.create(gateway.config().spoolDirectory());
                            }
                            spool.append(piece);
                            return null;
                        },
                        true)
                .onComplete(result -> {
                    writing = false;
                    if (done) {
                        release();
                    } else if (result.failed()) {
                        org.jboss.logging.Logger.getLogger(RequestBody.class)
                                .errorf("a request body cannot be spooled: %s", result.cause());
                        refuse(Problem.INTERNAL);
                    } else if (arrived) {
                        onEnd();
                    } else {
                        request.resume();
                    }
                });
    }

    private void onEnd() {
        arrived = true;
        if (done || writing) {
            return;
        }
        if (spool != null && memory.isReadable()) {
            writeOut();
            return;
        }
        finish();
        listener.bodyComplete();
    }

    private void armTimer(long nanos) {
        timer = edge.loop().schedule(this::onTimer, nanos, TimeUnit.NANOSECONDS);
    }

    private void onTimer() {
        long limit = gateway.config().bodyTimeout().toNanos();
        long now = System.nanoTime();
        // A byte now and then is progress; so many bytes per second in all is a sender (Apache's MinRate has the same
        // default).
        long earned = TimeUnit.SECONDS.toNanos(size) / gateway.config().bodyMinRate();
        long left = Math.min(lastProgressNanos, startNanos + earned) + limit - now;
        if (writing || arrived) {
            armTimer(limit);
        } else if (left > 0) {
            armTimer(left);
        } else {
            refuse(Problem.BODY_TIMEOUT);
        }
    }

    private void refuse(Problem problem) {
        discard();
        listener.bodyRefused(problem);
    }

    private void finish() {
        done = true;
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** The client is gone or was refused: nothing more is told. Idempotent. */
    void discard() {
        if (!done) {
            finish();
        }
        if (!writing) {
            release();
        }
    }

    /** After the exchange, or instead of one. Idempotent. */
    void release() {
        memory = Unpooled.EMPTY_BUFFER;
        if (spool != null) {
            spool.close();
            spool = null;
        }
    }

    /** Bytes gathered. */
    long size() {
        return size;
    }

    /** A reading of the whole body from its start; each exchange takes its own. */
    Stdin stdin() {
        return spool != null ? spool.stdin(size) : new MemoryStdin(memory.duplicate());
    }

    private record MemoryStdin(ByteBuf bytes) implements Stdin {
        @Override
        public long length() {
            return bytes.readableBytes();
        }

        @Override
        public Object next(int length) {
            return bytes.readRetainedSlice(length);
        }
    }
}
