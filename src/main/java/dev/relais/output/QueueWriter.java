package dev.relais.output;

import dev.relais.OutOfMemory;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Takes what waits in a queue and gives it to an output, on a thread of its own: all that may block blocks this thread alone. */
public final class QueueWriter<E> {
    /** After so many it is looked whether the output is to be reopened. */
    private static final int MOST_AT_A_TIME = 10_000;

    private final BoundedQueue<E> queue;
    private final Output<E> output;
    private final long pauseNanos;
    private final CompletableFuture<@Nullable Void> opened = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean reopens;
    private volatile boolean stopping;

    /**
     * @param name of the thread
     * @param pause after which it looks again when the queue was empty and nobody has woken it
     */
    public QueueWriter(String name, BoundedQueue<E> queue, Output<E> output, Duration pause) {
        this.queue = queue;
        this.output = output;
        this.pauseNanos = pause.toNanos();
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true); // a pipe that nobody reads holds up no stop
    }

    /** Begins. Once. Returns when the output is open, or why it cannot be opened. */
    public CompletableFuture<@Nullable Void> start() {
        thread.start();
        return opened;
    }

    /** Has it look at once for what waits. */
    public void wake() {
        LockSupport.unpark(thread);
    }

    /** Has the output reopened. */
    public void reopen() {
        reopens = true;
        wake();
    }

    /**
     * Writes what is there and ends. Blocks.
     *
     * @param most how long that may take
     * @return false when it takes longer, so that what waits may be lost
     */
    public boolean stop(Duration most) throws InterruptedException {
        stopping = true;
        wake();
        thread.join(most.toMillis());
        return !thread.isAlive();
    }

    private void run() {
        try {
            output.open();
            opened.complete(null);
        } catch (IOException | RuntimeException | Error e) {
            opened.completeExceptionally(e);
            return;
        }
        while (!stopping) {
            turn();
            if (queue.isEmpty()) {
                LockSupport.parkNanos(pauseNanos);
            }
        }
        while (!queue.isEmpty()) {
            turn();
        }
        output.close();
    }

    /** Writes what is there. */
    private void turn() {
        try {
            if (reopens) {
                reopens = false;
                output.reopen();
            }
            E one;
            for (int i = 0; i < MOST_AT_A_TIME && (one = queue.poll()) != null; i++) {
                output.write(one);
            }
            output.flush();
        } catch (RuntimeException | Error e) { // such as the stack overflow of what makes a line's text
            OutOfMemory.mind(e);
            output.failed(e);
        }
    }
}
