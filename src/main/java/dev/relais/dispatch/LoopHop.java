package dev.relais.dispatch;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.ResponseHead;
import dev.relais.slot.Slot;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Passes an exchange's events from the slot's event loop to the request's, in order; body bytes are copied. PHP is held back
 * while the request's loop is behind. The methods are called on the slot's loop.
 */
public final class LoopHop implements ExchangeListener {
    /** Bytes that may be on their way; one read from the child may come on top. */
    private static final int MOST = 256 << 10;

    private final Slot slot;
    private final EventLoop loop;
    private final ExchangeListener target;
    private final AtomicInteger onTheWay = new AtomicInteger();
    private boolean held;
    private boolean full;

    /** @param loop of the request, on which the target is called */
    LoopHop(Slot slot, EventLoop loop, ExchangeListener target) {
        this.slot = slot;
        this.loop = loop;
        this.target = target;
    }

    /** Runs a task on an event loop, at once when this thread is the loop's. */
    public static void onLoop(EventLoop loop, Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    /** The target wants PHP to be held back for its client, or not any more. */
    void hold(boolean wanted) {
        held = wanted;
        slot.hold(this, wanted);
        apply();
    }

    private void fill(boolean isFull) {
        full = isFull;
        apply();
    }

    private void apply() {
        if (held || full) {
            slot.pauseReading(this);
        } else {
            slot.resumeReading(this);
        }
    }

    @Override
    public void onEarlyHints(ResponseHead hints) {
        loop.execute(() -> target.onEarlyHints(hints));
    }

    @Override
    public void onHead(ResponseHead head) {
        loop.execute(() -> target.onHead(head));
    }

    @Override
    public void onBody(ByteBuf in, int length) {
        ByteBuf copy = in.copy(in.readerIndex(), length);
        if (onTheWay.addAndGet(length) > MOST && !full) {
            fill(true);
        }
        loop.execute(() -> {
            try {
                target.onBody(copy, length);
            } finally {
                copy.release();
            }
            int left = onTheWay.addAndGet(-length);
            if (left <= MOST / 2 && left + length > MOST / 2) {
                slot.loop().execute(() -> fill(false));
            }
        });
    }

    @Override
    public void onReadComplete() {
        loop.execute(target::onReadComplete);
    }

    @Override
    public @Nullable String requestId() {
        return target.requestId();
    }

    @Override
    public void onStderr(String message) {
        loop.execute(() -> target.onStderr(message));
    }

    @Override
    public void onFinished() {
        loop.execute(target::onFinished);
    }

    @Override
    public void onEnd(int appStatus) {
        loop.execute(() -> target.onEnd(appStatus));
    }

    @Override
    public void onFailure(ExchangeFailure failure) {
        loop.execute(() -> target.onFailure(failure));
    }
}
