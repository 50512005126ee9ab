package dev.relais.body;

import dev.relais.http.Callbacks;
import dev.relais.http.HeadWriter;
import dev.relais.http.PatientTimer;
import io.netty.channel.EventLoop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.function.LongSupplier;

/**
 * The bytes of one request's body as they come from the client, and the time that it may take for them. Pausing and resuming a
 * request that has ended does nothing here; Vert.x throws an exception for it in HTTP/2. Confined to the request's event loop.
 */
final class Inbound {
    /** Called with what arrives, in order, and not after the end or the failure. */
    interface Reader {
        void onChunk(Buffer chunk);

        void onEnd();

        /** The client or its stream is gone, or what arrived is no valid body. */
        void onBroken(Throwable failure);
    }

    private final HttpServerRequest request;
    private final Callbacks callbacks;
    private final BodyPace pace;
    private final PatientTimer timer;

    /**
     * @param minRate bytes per second that the client must send; 0: no minimum
     * @param loop of the request
     * @param left gives the nanoseconds until the client is too slow, as {@link #leftNanos} does
     * @param onTooSlow run when that time is over
     * @param callbacks of the invocation
     */
    Inbound(
            HttpServerRequest request,
            int minRate,
            EventLoop loop,
            LongSupplier left,
            Runnable onTooSlow,
            Callbacks callbacks) {
        this.request = request;
        this.callbacks = callbacks;
        this.pace = new BodyPace(minRate);
        this.timer = new PatientTimer(loop, left, callbacks.task(onTooSlow));
    }

    /** Asks the client to send, and begins to read; the request was paused since its head came. */
    void begin(Reader reader) {
        pace.begin();
        timer.start();
        sendContinue();
        if (request.isEnded()) {
            reader.onBroken(new IllegalStateException("the stream was reset before its body was read"));
            return;
        }
        request.exceptionHandler(callbacks.handler(reader::onBroken));
        request.handler(callbacks.handler(reader::onChunk));
        request.endHandler(callbacks.handler(end -> reader.onEnd()));
        request.resume();
    }

    /** Sends 100 (Continue) if the client waits for it (RFC 9110 section 10.1.1). HTTP/1.0 has no such answer. */
    private void sendContinue() {
        if (request.version() != HttpVersion.HTTP_1_0 && "100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            HeadWriter.sendContinue(request);
        }
    }

    /** So many bytes have come. */
    void took(int bytes) {
        pace.took(bytes);
    }

    /**
     * How long the client has until it is too slow, if nothing comes.
     *
     * @param limitNanos how long it may pause
     */
    long leftNanos(long limitNanos) {
        return pace.leftNanos(limitNanos);
    }

    /** Asks the client to wait. */
    void pause() {
        if (!request.isEnded()) {
            request.pause();
        }
    }

    /** Asks the client to go on; the time in which it was to wait is not held against it. */
    void resume() {
        pace.begin();
        if (!request.isEnded()) {
            request.resume();
        }
    }

    /** From now on the client must keep the minimum rate all the time, and may pause only for as long as is left now. */
    void linger() {
        pace.linger();
        if (timer.isRunning()) {
            timer.stop();
            timer.start();
        }
    }

    /** The client may take its time from now on. Idempotent. */
    void stop() {
        timer.stop();
    }
}
