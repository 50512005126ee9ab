package dev.relais.accesslog;

import dev.relais.LimitedLog;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Makes lines of entries and gives them to a sink, on the thread {@code relais-access-log}. It looks for entries a few times a second, so
 * that nobody has to wake it for each; only where many have gathered it is woken. All that may block blocks this thread alone.
 */
final class LogWriter {
    private static final LimitedLog LOG = new LimitedLog(LogWriter.class);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** After so many entries it is looked whether the sink is to be reopened. */
    private static final int MOST_AT_A_TIME = 10_000;

    private final LineFormat format;
    private final Sink sink;
    private final EntryQueue queue;
    private final Losses losses;
    private final Line line = new Line(ZoneId.systemDefault());
    private final CompletableFuture<@Nullable Void> opened = new CompletableFuture<>();
    private final Thread thread = new Thread(this::run, "relais-access-log");
    private volatile boolean reopens;
    private volatile boolean stopping;

    LogWriter(LineFormat format, Sink sink, EntryQueue queue, Losses losses) {
        this.format = format;
        this.sink = sink;
        this.queue = queue;
        this.losses = losses;
        thread.setDaemon(true); // a pipe that nobody reads holds up no stop
    }

    /** @return when the sink is open, or why it cannot be opened */
    CompletableFuture<@Nullable Void> start() {
        thread.start();
        return opened;
    }

    /** Has it look for entries at once. */
    void wake() {
        LockSupport.unpark(thread);
    }

    /** Has the sink reopened. */
    void reopen() {
        reopens = true;
        wake();
    }

    /**
     * Writes what is there and ends. Blocks.
     *
     * @param most how long that may take
     * @return false when it takes longer, so that lines are lost
     */
    boolean stop(Duration most) throws InterruptedException {
        stopping = true;
        wake();
        thread.join(most.toMillis());
        return !thread.isAlive();
    }

    private void run() {
        try {
            sink.open();
            opened.complete(null);
        } catch (IOException | RuntimeException e) {
            opened.completeExceptionally(e);
            return;
        }
        while (!stopping) {
            turn();
            if (queue.isEmpty()) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        while (!queue.isEmpty()) {
            turn();
        }
        sink.close();
    }

    /** Writes what is there. */
    void turn() {
        try {
            if (reopens) {
                reopens = false;
                sink.reopen();
            }
            Entry entry;
            for (int i = 0; i < MOST_AT_A_TIME && (entry = queue.poll()) != null; i++) {
                line.clear();
                format.write(entry, line);
                sink.add(line.plain('\n'));
            }
            sink.flush();
            losses.settle();
        } catch (RuntimeException e) {
            LOG.fault("A line of the access log is lost by a fault of Relais", e);
        }
    }
}
