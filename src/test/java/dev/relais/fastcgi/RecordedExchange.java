package dev.relais.fastcgi;

import dev.relais.testing.Patience;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Records an exchange, and whether its events come in order. It is called on the event loop; the test reads it when the
 * exchange has ended.
 */
public class RecordedExchange implements ExchangeListener {
    final ByteArrayOutputStream body = new ByteArrayOutputStream();
    final List<String> stderr = new ArrayList<>();
    ResponseHead head;
    int appStatus = -1;
    String disorder; // null: none
    private final CompletableFuture<ExchangeFailure> over = new CompletableFuture<>(); // null: a good end
    private final CompletableFuture<Void> finished = new CompletableFuture<>();

    private void inOrder(boolean holds, String event) {
        if (!holds || isOver()) {
            disorder = event;
        }
    }

    @Override
    public void onHead(ResponseHead received) {
        inOrder(head == null, "head");
        head = received;
    }

    @Override
    public void onBody(ByteBuf in, int length) {
        inOrder(head != null && !isFinished() && length > 0, "body");
        byte[] bytes = new byte[length];
        in.getBytes(in.readerIndex(), bytes);
        body.writeBytes(bytes);
    }

    @Override
    public void onReadComplete() {
        inOrder(!isFinished(), "read complete");
    }

    @Override
    public void onStderr(String message) {
        inOrder(true, "stderr");
        stderr.add(message);
    }

    @Override
    public void onFinished() {
        inOrder(head != null && !isFinished(), "finished");
        finished.complete(null);
    }

    @Override
    public void onEnd(int status) {
        inOrder(head != null, "end");
        appStatus = status;
        over.complete(null);
    }

    @Override
    public void onFailure(ExchangeFailure failure) {
        inOrder(true, "failure");
        over.complete(failure);
    }

    /**
     * Waits for its end.
     *
     * @return null when it is a good one
     */
    public final ExchangeFailure await() throws Exception {
        ExchangeFailure failure = over.get(Patience.SECONDS, TimeUnit.SECONDS);
        if (disorder != null) {
            throw new AssertionError("not in order: " + disorder);
        }
        return failure;
    }

    public final boolean isOver() {
        return over.isDone();
    }

    /** Waits until its answer is complete though the script goes on. */
    public final void awaitFinished() throws Exception {
        finished.get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    public final boolean isFinished() {
        return finished.isDone();
    }
}
