package dev.relais.functions;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final int PAUSES = 19;

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
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition called = lock.newCondition(); // to be asked or stopped
    private @Nullable CompletableFuture<Void> asked; // guarded by lock
    private volatile boolean stopped; // written with the lock

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
        lock.lock();
        try {
            if (stopped) {
                return CompletableFuture.failedFuture(
                        new CancellationException("the functions are not watched any more"));
            }
            if (asked == null) {
                asked = new CompletableFuture<>();
            }
            called.signal();
            return asked;
        } finally {
            lock.unlock();
        }
    }

    boolean stopped() {
        return stopped;
    }

    /**
     * Ends the thread and waits for it, but 5 s at most, because a file system may hang. May be called twice, and from the
     * thread itself.
     */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            called.signal();
        } finally {
            lock.unlock();
        }
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
            pause(pauseNanos(took));
        }
    }

    /** A look costs a twentieth of a core, but is not put off for more than {@link #LONGEST_PAUSE} for that; and at most half of one. */
    private long pauseNanos(long took) {
        return Math.max(intervalNanos, Math.max(took, Math.min(PAUSES * took, LONGEST_PAUSE.toNanos())));
    }

    /** Waits to be asked, and no longer than this: it does not wake earlier for nothing, so there is no look that nobody expects. */
    private void pause(long pauseNanos) {
        lock.lock();
        try {
            long left = pauseNanos;
            while (!stopped && asked == null && left > 0) {
                left = called.awaitNanos(left);
            }
        } catch (InterruptedException e) { // whoever interrupts this thread gets a look, and the next pause is whole
            LOG.debug("The functions are looked at early, because their thread was interrupted");
        } finally {
            lock.unlock();
        }
    }

    private @Nullable CompletableFuture<Void> take() {
        lock.lock();
        try {
            CompletableFuture<Void> request = asked;
            asked = null;
            return request;
        } finally {
            lock.unlock();
        }
    }
}
