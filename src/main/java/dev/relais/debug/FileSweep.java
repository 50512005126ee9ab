package dev.relais.debug;

import dev.relais.LimitedLog;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** Deletes the profiles and traces beyond their bounds whenever a run has ended that may have written one. Any thread. */
final class FileSweep {
    private static final LimitedLog LOG = new LimitedLog(FileSweep.class);
    private static final String FAILED = "Profiles and traces are not kept within their bounds";

    /** Deletes those. Blocks. */
    interface Work {
        void run() throws IOException;
    }

    private final Work work;
    private final Executor threads;
    private final AtomicBoolean asked = new AtomicBoolean();

    /** @param threads that may block */
    FileSweep(Work work, Executor threads) {
        this.work = work;
        this.threads = threads;
    }

    /** A run has ended. Returns at once; many of them together are one sweep. */
    void ask() {
        if (asked.compareAndSet(false, true)) {
            threads.execute(this::sweep);
        }
    }

    private void sweep() {
        asked.set(false); // first: for what ends from now on there is another sweep
        try {
            work.run();
        } catch (IOException | RuntimeException e) {
            LOG.warn(FAILED, "", FAILED + ": cause=%s", e);
        }
    }
}
