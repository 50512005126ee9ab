package dev.relais.worker;

import dev.relais.LogText;
import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.ResponseHead;
import dev.relais.slot.Slot;
import dev.relais.slot.Tenant;
import dev.relais.slot.UsualLatency;
import dev.relais.slot.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * One request of Relais' own that is run on a free child of a worker before its generation serves. It waits for a free child,
 * because a child may be replaced after each request or lost in the one before. Confined to an event loop, which is the child's
 * once it has one.
 */
public final class Trial implements ExchangeListener, Tenant {
    /**
     * The result.
     *
     * @param status the status of the answer; 0 when it broke off
     * @param text the beginning of the body as ISO-8859-1, or why the answer broke off
     */
    public record Reply(int status, String text) {}

    private static final Logger LOG = Logger.getLogger(Trial.class);
    private static final int MOST_TEXT = 4096;
    /** How often it looks for a free child, which is about the time that a new PHP process takes until it answers. */
    private static final int LOOK_MILLIS = 5;

    private final Worker worker;
    private final String name;
    private final ByteBuf request;
    private final LongSupplier nanos;
    private final long deadlineNanos;
    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();
    private final int mostText;
    private int status;

    private Trial(Worker worker, String name, ByteBuf request, LongSupplier nanos, long deadlineNanos, int mostText) {
        this.mostText = mostText;
        this.worker = worker;
        this.name = name;
        this.request = request;
        this.nanos = nanos;
        this.deadlineNanos = deadlineNanos;
    }

    /**
     * Runs one request. Any thread.
     *
     * @param name the name of what is run, for messages
     * @param request a whole request without a body, which is released in any case
     * @param nanos the clock of intervals, as {@link System#nanoTime}
     * @param deadlineNanos the time by that clock at which the child is ended, or no longer waited for
     * @return completes on an event loop; never fails
     */
    public static CompletableFuture<Reply> run(
            Worker worker, String name, ByteBuf request, LongSupplier nanos, long deadlineNanos) {
        return run(worker, name, request, nanos, deadlineNanos, MOST_TEXT);
    }

    /**
     * Runs one request, and keeps more or less of the answer's body.
     *
     * @param mostText how many bytes of the body are wanted
     */
    static CompletableFuture<Reply> run(
            Worker worker, String name, ByteBuf request, LongSupplier nanos, long deadlineNanos, int mostText) {
        Trial trial = new Trial(worker, name, request, nanos, deadlineNanos, mostText);
        EventLoop loop = worker.slot(0).loop();
        loop.execute(() -> trial.claim(loop));
        return trial.reply;
    }

    private void claim(EventLoop loop) {
        Slot slot = worker.tryClaim(0);
        if (slot != null) {
            slot.loop().execute(() -> exchange(slot));
        } else if (leftNanos() > 0) {
            loop.schedule(() -> claim(loop), LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            request.release();
            broke("no child of " + worker + " was free in time");
        }
    }

    private void exchange(Slot slot) {
        long limitMillis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(leftNanos()));
        // Its latency is not compared with others, because nothing is compiled yet.
        if (slot.exchange(request.retain(), null, limitMillis, new UsualLatency(name), this, this)) {
            request.release();
        } else {
            claim(slot.loop()); // its connection broke meanwhile, and nothing was sent
        }
    }

    private long leftNanos() {
        return deadlineNanos - nanos.getAsLong();
    }

    private void broke(String why) {
        reply.complete(new Reply(0, why));
    }

    @Override
    public void onHead(ResponseHead head) {
        status = head.status();
    }

    @Override
    public void onBody(ByteBuf in, int length) {
        int taken = Math.min(length, mostText - text.length());
        text.append(in.toString(in.readerIndex(), taken, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void onReadComplete() {}

    @Override
    public void onStderr(String message) {
        LOG.warnf(
                "Message of a warm-up call: worker=%d function=%s message=%s",
                worker.id(), LogText.value(name, 100), LogText.value(message, 1024));
    }

    @Override
    public void onFinished() {}

    @Override
    public void onEnd(int appStatus) {
        reply.complete(new Reply(status == 0 ? 200 : status, text.toString()));
    }

    @Override
    public void onFailure(ExchangeFailure failure) {
        broke(failure.detail());
    }

    @Override
    public void left(long heldNanos) {}

    @Override
    public void crashed(long lostNanos) {}
}
