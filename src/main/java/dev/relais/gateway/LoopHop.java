package dev.relais.gateway;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;

/** Carries an exchange's events from the child's event loop to the request's, in order; body bytes are copied. */
record LoopHop(EventLoop loop, ExchangeListener target) implements ExchangeListener {
    /** Runs a task on a loop: now when this is it. */
    static void run(EventLoop loop, Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    @Override
    public void onHead(ResponseHead head) {
        loop.execute(() -> target.onHead(head));
    }

    @Override
    public void onBody(ByteBuf in, int length) {
        ByteBuf copy = in.copy(in.readerIndex(), length);
        loop.execute(() -> {
            try {
                target.onBody(copy, length);
            } finally {
                copy.release();
            }
        });
    }

    @Override
    public void onReadComplete() {
        loop.execute(target::onReadComplete);
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
