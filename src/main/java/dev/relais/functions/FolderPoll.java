package dev.relais.functions;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Looks at the times of folders and symlinks, where the kernel tells nothing: a file that is put in place by rename changes the time of its
 * folder. It looks only while there are requests, for without them nothing is served that could be old, and opcache asks the disk itself
 * for what it has not served for some seconds. So an idle gateway costs nothing.
 */
final class FolderPoll implements FolderWatch {
    /** Looking takes at most one part in so many of a core's time. */
    private static final int SHARE = 100;

    /** Without a request for so long, opcache asks the disk for all that it serves next: it does so after two seconds, in whole ones. */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(4);

    /** Sleeps; a test's does not. */
    interface Sleep {
        void nanos(long nanos) throws InterruptedException;

        Sleep REAL = nanos -> TimeUnit.NANOSECONDS.sleep(nanos);
    }

    private final Traces traces;
    private final BooleanSupplier serving;
    private final long intervalNanos;
    private final LongSupplier clock;
    private final Sleep sleep;
    private long tookNanos;
    private long servedAt;

    /**
     * @param traces what was seen last
     * @param serving whether there was a request since it was asked last
     * @param clock of intervals, as {@link System#nanoTime}
     */
    FolderPoll(Traces traces, BooleanSupplier serving, long intervalNanos, LongSupplier clock, Sleep sleep) {
        this.traces = traces;
        this.serving = serving;
        this.intervalNanos = intervalNanos;
        this.clock = clock;
        this.sleep = sleep;
        this.servedAt = clock.getAsLong();
    }

    @Override
    public void await(long nanos, Sink sink) throws InterruptedException {
        long pause = Math.max(intervalNanos, SHARE * tookNanos);
        sleep.nanos(Math.min(nanos, pause));
        if (nanos < pause) {
            return;
        }
        long began = clock.getAsLong();
        servedAt = serving.getAsBoolean() ? began : servedAt;
        if (began - servedAt <= IDLE_NANOS && traces.differ()) {
            sink.unknown();
        }
        tookNanos = clock.getAsLong() - began;
    }

    @Override
    public void follow(Path folder, Sink sink) {}

    @Override
    public void close() {}
}
