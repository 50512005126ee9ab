package dev.relais.files;

import dev.relais.telemetry.FileMeters;
import io.netty.channel.EventLoop;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads that find, open and read files for clients. They serve nothing else, since an open may hang for ever, because a
 * named pipe has taken the file's place or a network disk does not answer. Java can neither open without waiting (O_NONBLOCK)
 * nor interrupt an open. So an open that has not returned within a second is given up, another thread takes the place of the
 * one that hangs, and nothing is opened in that folder for a while. Any thread.
 */
@Singleton
public final class FileThreads implements Offload {
    /** The number of threads, which is that of Vert.x' worker pool. */
    static final int THREADS = 20;
    /** How many hanging threads are replaced at most; a further one is replaced only when one of them has returned. */
    static final int MOST_HUNG = 100;

    static final long OPEN_MILLIS = 1_000;
    /** For how long nothing is opened in a folder after an open hung there. */
    static final long REFUSAL_SECONDS = 30;

    private static final long QUEUE_MILLIS = 5_000;
    private static final int QUEUE = 4_096;
    private static final int MOST_FOLDERS = 1_000;

    private enum State {
        QUEUED,
        RUNNING,
        /** The search has ended, or was withdrawn before it began. */
        OVER,
        /** The open hangs, and its result is no longer waited for. */
        GIVEN_UP
    }

    private final FileMeters meters;
    private final LongSupplier clock;
    private final ThreadPoolExecutor pool;
    private final AtomicInteger hanging = new AtomicInteger();
    private final Map<Path, Long> refusedUntil = new ConcurrentHashMap<>();

    @Inject
    FileThreads(FileMeters meters) {
        this(meters, System::nanoTime);
    }

    /** @param clock nanoseconds */
    FileThreads(FileMeters meters, LongSupplier clock) {
        this.meters = meters;
        this.clock = clock;
        AtomicInteger number = new AtomicInteger();
        this.pool = new ThreadPoolExecutor(
                THREADS, THREADS, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE), task -> {
                    Thread thread = new Thread(task, "relais-files-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        meters.bind(hanging, AtomicInteger::get);
    }

    @PreDestroy
    void stop() {
        pool.shutdown();
    }

    @Override
    public <T> void read(Callable<T> work, EventLoop loop, BiConsumer<T, Throwable> then) {
        try {
            pool.execute(() -> {
                T result = null;
                Throwable failure = null;
                try {
                    result = work.call();
                } catch (Exception | LinkageError e) {
                    failure = e;
                }
                T given = result;
                Throwable thrown = failure;
                loop.execute(() -> then.accept(given, thrown));
            });
        } catch (RejectedExecutionException e) {
            then.accept(null, busy());
        }
    }

    @Override
    public <T> void open(Search<T> work, Consumer<T> discard, EventLoop loop, BiConsumer<T, Throwable> then) {
        Watched<T> task = new Watched<>(work, discard, loop, then);
        try {
            pool.execute(task);
            task.watch(OPEN_MILLIS);
        } catch (RejectedExecutionException e) {
            then.accept(null, busy());
        }
    }

    private FileUnavailable busy() {
        meters.refused();
        return new FileUnavailable("all threads for files are busy");
    }

    private void check(Path folder) throws FileUnavailable {
        Long until = refusedUntil.get(folder);
        if (until == null) {
            return;
        }
        if (clock.getAsLong() - until < 0) {
            meters.refused();
            throw new FileUnavailable("an open hung in " + folder + " a short while ago");
        }
        refusedUntil.remove(folder, until);
    }

    private void givenUp(@Nullable Path folder) {
        meters.hung();
        resize(hanging.incrementAndGet());
        if (folder != null) {
            long now = clock.getAsLong();
            if (refusedUntil.size() >= MOST_FOLDERS) {
                refusedUntil.values().removeIf(until -> now - until >= 0);
            }
            if (refusedUntil.size() < MOST_FOLDERS) {
                refusedUntil.put(folder, now + TimeUnit.SECONDS.toNanos(REFUSAL_SECONDS));
            }
        }
    }

    private void returned() {
        resize(hanging.decrementAndGet());
    }

    /** Resizes the pool so that hanging threads do not count. */
    private synchronized void resize(int hung) {
        int size = THREADS + Math.min(hung, MOST_HUNG);
        if (size > pool.getMaximumPoolSize()) {
            pool.setMaximumPoolSize(size);
            pool.setCorePoolSize(size);
        } else {
            pool.setCorePoolSize(size);
            pool.setMaximumPoolSize(size);
        }
    }

    /** One search and open, which the event loop that waits for it watches. */
    private final class Watched<T> implements Runnable, Opening {
        private final Search<T> work;
        private final Consumer<T> discard;
        private final EventLoop loop;
        private final BiConsumer<T, Throwable> then;
        private final AtomicReference<State> state = new AtomicReference<>(State.QUEUED);
        private final long queuedNanos = clock.getAsLong();
        private volatile long startedNanos;
        private volatile @Nullable Path folder;

        Watched(Search<T> work, Consumer<T> discard, EventLoop loop, BiConsumer<T, Throwable> then) {
            this.work = work;
            this.discard = discard;
            this.loop = loop;
            this.then = then;
        }

        @Override
        public void run() {
            startedNanos = clock.getAsLong();
            if (!state.compareAndSet(State.QUEUED, State.RUNNING)) {
                return;
            }
            T result = null;
            Throwable failure = null;
            try {
                result = work.run(this);
            } catch (Exception | LinkageError e) {
                failure = e;
            }
            if (state.compareAndSet(State.RUNNING, State.OVER)) {
                T given = result;
                Throwable thrown = failure;
                loop.execute(() -> then.accept(given, thrown));
            } else {
                returned();
                if (result != null) {
                    discard.accept(result);
                }
            }
        }

        @Override
        public void enters(Path entered) throws FileUnavailable {
            check(entered);
            folder = entered;
        }

        /** Schedules the next check of the search. */
        void watch(long millis) {
            loop.schedule(this::look, millis, TimeUnit.MILLISECONDS);
        }

        private void look() {
            long now = clock.getAsLong();
            State seen = state.get();
            if (seen == State.QUEUED && now - queuedNanos >= TimeUnit.MILLISECONDS.toNanos(QUEUE_MILLIS)) {
                if (state.compareAndSet(State.QUEUED, State.OVER)) {
                    pool.remove(this);
                    then.accept(null, busy());
                }
            } else if (seen == State.QUEUED) {
                watch(OPEN_MILLIS);
            } else if (seen == State.RUNNING) {
                long leftMillis = OPEN_MILLIS - TimeUnit.NANOSECONDS.toMillis(now - startedNanos);
                if (leftMillis > 0) {
                    watch(leftMillis);
                } else if (state.compareAndSet(State.RUNNING, State.GIVEN_UP)) {
                    Path where = folder;
                    givenUp(where);
                    then.accept(null, new FileUnavailable("an open has not returned within a second in " + where));
                }
            }
        }
    }
}
