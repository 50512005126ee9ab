package dev.relais.fastcgi;

import dev.relais.testing.Patience;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Records what a connection tells its owner. It is called on the event loop, and read by the test. */
final class RecordedOwner implements FcgiConnection.Owner {
    final AtomicLong in = new AtomicLong();
    final AtomicLong out = new AtomicLong();
    final AtomicInteger ends = new AtomicInteger();
    private final CompletableFuture<FcgiConnection> connected = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    @Override
    public void connected(FcgiConnection connection) {
        connected.complete(connection);
    }

    @Override
    public void connectFailed(Throwable cause) {
        connected.completeExceptionally(cause);
    }

    @Override
    public void closed(FcgiConnection connection) {
        ends.incrementAndGet();
        if (connected.isDone()) {
            closed.complete(null);
        } else {
            closed.completeExceptionally(new AssertionError("closed before it was connected"));
        }
    }

    @Override
    public void transferred(int bytesIn, int bytesOut) {
        in.addAndGet(bytesIn);
        out.addAndGet(bytesOut);
    }

    FcgiConnection awaitConnected() throws Exception {
        return connected.get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    /** Closes the connection as soon as it is connected. */
    void closeWhenConnected() {
        connected.thenAccept(FcgiConnection::close);
    }

    void awaitClosed() throws Exception {
        closed.get(Patience.SECONDS, TimeUnit.SECONDS);
    }
}
