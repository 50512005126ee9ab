package dev.relais.slot;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.function.LongPredicate;

/**
 * One running process of a worker, its master, with the children that it has started: those serve FastCGI at its socket. Started by
 * {@link WorkerLauncher#start}; used by the supervisor's thread.
 */
public interface WorkerProcess {
    /** Its process number. Any thread. */
    long pid();

    /** Where its children accept connections: a path that no other start uses. Any thread. */
    Path socket();

    /** Whether {@link #onReady} has completed well. */
    boolean isReady();

    /** Completes when it says that it serves; fails when it ends before. The children's first answers come after that. */
    CompletionStage<Void> onReady();

    /** Completes with the exit status, 128 and more for a signal. Its children may go on serving then: see {@link #killGroup}. */
    CompletionStage<Integer> onExit();

    /**
     * Ends it in order, after its connections are closed: SIGTERM, at the deadline SIGKILL, then whatever is left of its children. Returns
     * at once; a second call gets the stage of the first.
     *
     * @return completes when nothing but zombies is left; fails when something hangs in the kernel
     */
    CompletionStage<Void> terminate(Duration deadline);

    /** Kills it with all its children at once, in particular the children of one that was found dead. As {@link #terminate} else. */
    CompletionStage<Void> killGroup();

    /** Writes anew what is missing of its own files. Blocks shortly. @return whether anything was missing */
    boolean mendFiles() throws IOException;

    /** Its children, none of which has ended. Blocks shortly. */
    int children();

    /** Whether it would replace a child that ends now: it runs, and is not stopped by a signal. Blocks shortly. */
    boolean replacesChildren();

    /**
     * Kills those of its children that nobody knows.
     *
     * @param known tells by the process number
     * @param before only a child that started before this: a younger one may still come to be known
     * @return whether there was one
     */
    boolean killUnknown(LongPredicate known, Instant before);
}
