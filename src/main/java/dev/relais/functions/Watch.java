package dev.relais.functions;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The thread that polls the directory, at every interval and at once when asked. It survives every failure of a poll and ends
 * only by {@link #stop()}.
 */
final class Watch {
    private static final Logger LOG = Logger.getLogger(Watch.class);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

    /**
     * One look at the directory. {@code always} is true when a caller asked for a scan, whether or not something looks
     * different.
     */
    interface Poll {
        void run(boolean always);
    }

    private final Poll poll;
    private final long intervalNanos;
    private final LongSupplier nanos;
    private final Thread thread;
    private final Object lock = new Object();
    private @Nullable CompletableFuture<Void> asked; // guarded by lock
    private volatile boolean stopped;

    /** @param nanos as {@link System#nanoTime} */
    Watch(Poll poll, Duration interval, LongSupplier nanos) {
        this.nanos = nanos;
        this.poll = poll;
        this.intervalNanos = interval.toNanos();
        this.thread = new Thread(this::run, "relais-functions");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /**
     * Asks for a poll that starts after this call; callers share one that has not started yet.
     *
     * @return completed on the watch thread, exceptionally when the poll threw or the watch is stopped
     */
    CompletableFuture<Void> ask() {
        CompletableFuture<Void> request;
        synchronized (lock) {
            if (stopped) {
                return CompletableFuture.failedFuture(
                        new CancellationException("the functions are not watched any more"));
            }
            if (asked == null) {
                asked = new CompletableFuture<>();
            }
            request = asked;
        }
        LockSupport.unpark(thread);
        return request;
    }

    boolean stopped() {
        return stopped;
    }

    /**
     * Ends the thread and waits for it, but 5 s at most, because a file system may hang. May be called twice, and from the
     * thread itself.
     */
    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
        if (Thread.currentThread() != thread) {
            try {
                thread.join(LONGEST_STOP.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        CompletableFuture<Void> request = take();
        if (request != null) {
            request.completeExceptionally(new CancellationException("the functions are not watched any more"));
        }
    }

    private void run() {
        while (!stopped) {
            CompletableFuture<Void> request = take();
            long began = nanos.getAsLong();
            Throwable failure = null;
            try {
                poll.run(request != null);
            } catch (Throwable e) { // even an Error, because without this thread no later change would be seen
                failure = e;
                LOG.error("Functions cannot be looked at and the last good ones stay", e);
            }
            long took = nanos.getAsLong() - began;
            if (request != null && failure == null) {
                request.complete(null);
            } else if (request != null) {
                request.completeExceptionally(failure);
            }
            // It checks whether it was asked again and does not rely on the unpark alone, because a lock in the poll or
            // in a listener may have consumed that.
            if (!stopped && !isAsked()) {
                // It pauses at least as long as the poll took, so that a huge directory costs at most half a core.
                LockSupport.parkNanos(this, Math.max(intervalNanos, took));
                Thread.interrupted(); // otherwise no later park would wait
            }
        }
    }

    private boolean isAsked() {
        synchronized (lock) {
            return asked != null;
        }
    }

    private @Nullable CompletableFuture<Void> take() {
        synchronized (lock) {
            CompletableFuture<Void> request = asked;
            asked = null;
            return request;
        }
    }
}
