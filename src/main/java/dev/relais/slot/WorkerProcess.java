package dev.relais.slot;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.function.LongPredicate;

/**
 * The running master process of a worker, with the children that it has started, which serve FastCGI at its socket. Started by
 * {@link WorkerLauncher#start}; used by the supervisor's thread.
 */
public interface WorkerProcess {
    /** The process id. Any thread. */
    long pid();

    /** The socket at which its children accept connections, whose path no other start uses. Any thread. */
    Path socket();

    /** Whether {@link #onReady} has completed well. */
    boolean isReady();

    /** Completes when the master says that it serves; fails when it ends earlier. The children's first answers come after that. */
    CompletionStage<Void> onReady();

    /**
     * Completes with the exit status, which is 128 or more for a signal. Its children may then go on serving, see
     * {@link #killGroup}.
     */
    CompletionStage<Integer> onExit();

    /**
     * Ends the master in order, after its connections are closed: it sends SIGTERM, at the deadline SIGKILL, and then ends what
     * is left of its children. Returns at once; a second call gets the stage of the first.
     *
     * @return completes when nothing but zombies is left; fails when something hangs in the kernel
     */
    CompletionStage<Void> terminate(Duration deadline);

    /**
     * Kills the master and all its children at once, in particular the children of a master that was found dead. Otherwise like
     * {@link #terminate}.
     */
    CompletionStage<Void> killGroup();

    /**
     * Writes missing files of the master again. Blocks for a short time.
     *
     * @return whether a file was missing
     */
    boolean mendFiles() throws IOException;

    /** The number of its children that have not ended. Blocks for a short time. */
    int children();

    /** Whether it would replace a child that ends now, because it runs and is not stopped by a signal. Blocks for a short time. */
    boolean replacesChildren();

    /**
     * Kills those of its children that belong to no slot.
     *
     * @param known tells whether a process id belongs to a slot
     * @param before only a child that started before this is killed, because a younger one may still get its slot
     * @return whether there was such a child
     */
    boolean killUnknown(LongPredicate known, Instant before);
}
