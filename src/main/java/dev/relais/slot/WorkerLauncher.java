package dev.relais.slot;

import dev.relais.ConfigurationProblem;
import dev.relais.fastcgi.FinishMark;
import dev.relais.process.ChildOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Starts the processes of one kind, and maintains what they have in common from the gateway's start to its stop. Any thread,
 * unless a method says otherwise.
 */
public interface WorkerLauncher {
    /**
     * Makes sure that whatever is started ends when the gateway ends in any way. Called before the first {@link #start}.
     *
     * @param supervisor the thread that maintains this
     * @throws ConfigurationProblem when that is not possible, in which case nothing may be started
     */
    void guard(ScheduledExecutorService supervisor);

    /**
     * Starts a master. Blocks for the time of a fork. The caller has to find out whether the master serves.
     *
     * @param worker the worker's number, from 0
     * @param output receives what the master's log says about its children
     * @throws IOException when its files cannot be written or the process cannot be started
     */
    WorkerProcess start(int worker, ChildOutput output) throws IOException;

    /** The script that answers with the id of the process that runs it, see {@link Proof}. */
    Path proofScript();

    /** The script that boots the application that children keep in memory; only for a kind with {@link WorkerKind.Own#resident}. */
    default Path bootScript() {
        throw new IllegalStateException("no resident application");
    }

    /** The message by which a script says that its answer is complete. */
    FinishMark mark();

    /** The pipes by which children write their standard error to the gateway. */
    ErrorPipes errors();

    /** The folders in which children keep the files of uploads. */
    UploadFolders uploads();

    /** Whether a connection may carry another exchange after one with a body. */
    boolean keepsAfterBody();

    /** A known fault of the program that is worked around, in one sentence; null when there is none. */
    @Nullable
    String fault();

    /**
     * Has masters that start from now on read this ini file, too. Blocks.
     *
     * @param ini with sections of folders; empty for none
     */
    default void folderSettings(String ini) {}

    /** A private directory whose files scripts may read; {@link #close} removes it. */
    Path directory();

    /**
     * Makes the compiler for these scripts, which compiles them in a worker before requests come. Blocks, because it writes
     * files.
     */
    ScriptCompiler compiler(List<Path> scripts) throws IOException;

    /**
     * Has a worker tell which of the scripts that it has used its successors can preload. Blocks: writes a file.
     *
     * @param folder all scripts among which the name of a class has to be the only one
     * @param successors gives the script that is to be preloaded for one that was used; null for none
     */
    PreloadStudy study(List<Path> folder, Function<Path, @Nullable Path> successors) throws IOException;

    /**
     * This launcher for the masters of one generation, which preload these scripts. Blocks: writes a file.
     *
     * @param generation its number
     * @param files the scripts, each with a class that it declares
     */
    WorkerLauncher preloading(int generation, Map<Path, String> files) throws IOException;

    /** This launcher for masters with another number of children, at least 1. */
    WorkerLauncher sized(int children);

    /**
     * This launcher for masters that load an extension that the others do not have, and look at each file for changes. Blocks: asks the
     * program.
     *
     * @param settings further settings of them
     * @throws ConfigurationProblem when the extension cannot be loaded
     */
    WorkerLauncher extended(String extension, Map<String, String> settings);

    /** Whether workers look at the disk seldom, and so have to be told of changed code. */
    boolean wantsNotices();

    /**
     * Tells a worker of changed code.
     *
     * @param changed files that have changed, are new or are gone, by their real paths
     * @param doubtful files that may have changed
     * @param all whether any file may have changed
     */
    Notice notice(Set<String> changed, Set<String> doubtful, boolean all);

    /**
     * Restores missing shared files, and logs it. Supervisor thread; blocks.
     *
     * @return how many were missing
     */
    int mend();

    /** Makes the shared files look recently used to a cleaner of old files. Supervisor thread; blocks. */
    void touch(Instant now);

    /** Logs what program runs, and once what is wrong with it. */
    void logStart();

    /** Ends the guard and removes all files, after all masters have ended. Blocks until the deadline at most. */
    void close(Duration deadline);
}
