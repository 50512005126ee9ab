package dev.relais.worker;

import dev.relais.slot.OwnExchange;
import dev.relais.slot.Slot;
import dev.relais.slot.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One request of Relais' own that is run on a free child of a worker before its generation serves. It waits for a free child,
 * because a child may be replaced after each request or lost in the one before. Confined to an event loop, which is the child's
 * once it has one.
 */
public final class Trial {
    private static final int MOST_TEXT = 4096;
    /** How often it looks for a free child, which is about the time that a new PHP process takes until it answers. */
    private static final int LOOK_MILLIS = 5;

    private final Worker worker;
    private final ByteBuf request;
    private final LongSupplier nanos;
    private final long deadlineNanos;
    private final CompletableFuture<OwnExchange.Reply> reply = new CompletableFuture<>();
    private final OwnExchange exchange;

    private Trial(Worker worker, String name, ByteBuf request, LongSupplier nanos, long deadlineNanos, int mostText) {
        this.worker = worker;
        this.request = request;
        this.nanos = nanos;
        this.deadlineNanos = deadlineNanos;
        this.exchange = new OwnExchange(name, worker.id(), mostText, reply::complete);
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
    public static CompletableFuture<OwnExchange.Reply> run(
            Worker worker, String name, ByteBuf request, LongSupplier nanos, long deadlineNanos) {
        return run(worker, name, request, nanos, deadlineNanos, MOST_TEXT);
    }

    /**
     * Runs one request, and keeps more or less of the answer's body.
     *
     * @param mostText how many bytes of the body are wanted
     */
    static CompletableFuture<OwnExchange.Reply> run(
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
            reply.complete(new OwnExchange.Reply(0, "no child of " + worker + " was free in time"));
        }
    }

    private void exchange(Slot slot) {
        long limitMillis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(leftNanos()));
        if (exchange.begin(slot, request.retain(), limitMillis)) {
            request.release();
        } else {
            claim(slot.loop()); // its connection broke meanwhile, and nothing was sent
        }
    }

    private long leftNanos() {
        return deadlineNanos - nanos.getAsLong();
    }
}
