package dev.relais.slot;

import dev.relais.ConfigurationProblem;
import dev.relais.fastcgi.FinishMark;
import dev.relais.process.ChildOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Starts the processes of one kind, and keeps what they share from the gateway's start to its stop. Any thread, but for what says
 * otherwise.
 */
public interface WorkerLauncher {
    /**
     * Has whatever is started ended when the gateway ends, in whatever way. Before the first {@link #start}.
     *
     * @param supervisor on which it is kept up
     * @throws ConfigurationProblem when that is not possible: then nothing may be started
     */
    void guard(ScheduledExecutorService supervisor);

    /**
     * Starts a master. Blocks for the time of a fork; whether it serves is for the caller to find out.
     *
     * @param worker the worker's number, from 0
     * @param output takes what the master's log says of its children
     * @throws IOException when there is no room for its files or the process
     */
    WorkerProcess start(int worker, ChildOutput output) throws IOException;

    /** The script that answers with the number of the process that runs it, see {@link Proof}. */
    Path proofScript();

    /** By which a script says that its answer is complete. */
    FinishMark mark();

    /** Where children keep the files of uploads. */
    UploadFolders uploads();

    /** Whether a connection may carry another exchange after one with a body. */
    boolean keepsAfterBody();

    /** A known fault of the program that is worked around, in one sentence; null when there is none. */
    @Nullable
    String fault();

    /** A private directory that scripts may read in; gone after {@link #close}. */
    Path directory();

    /** To compile these scripts in a worker before requests come. Blocks: writes files. */
    ScriptCompiler compiler(List<Path> scripts) throws IOException;

    /** Puts back what is missing of the shared files, and says so in the log. Supervisor thread; blocks. @return how many were missing */
    int mend();

    /** Makes the shared files look used just now to a cleaner of old files. Supervisor thread; blocks. */
    void touch(Instant now);

    /** Says in the log what runs, and once what is wrong with it. */
    void logStart();

    /** After all masters have ended: ends the guard and removes all files. Blocks until the deadline at most. */
    void close(Duration deadline);
}
