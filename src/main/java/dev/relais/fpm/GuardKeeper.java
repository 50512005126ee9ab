package dev.relais.fpm;

import dev.relais.ConfigurationProblem;
import dev.relais.LogText;
import dev.relais.process.ProcessStarter;
import dev.relais.slot.UploadFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Keeps a {@link Guard} running for as long as the worker group runs, and replaces one that was killed. Confined to the
 * supervisor thread, except for start and close.
 */
final class GuardKeeper {
    private static final Logger LOG = Logger.getLogger(GuardKeeper.class);
    private static final long RETRY_MILLIS = 1_000;

    private final RunDirectory directory;
    private final UploadFolders uploads;
    private final ProcessStarter starter;
    private final ScheduledExecutorService supervisor;

    @SuppressWarnings("NullAway.Init") // by start
    private volatile Guard guard;

    private volatile boolean hasFile; // the present guard has written its file, which it does itself at its start
    private volatile boolean closing;

    private GuardKeeper(
            RunDirectory directory,
            UploadFolders uploads,
            ProcessStarter starter,
            ScheduledExecutorService supervisor) {
        this.directory = directory;
        this.uploads = uploads;
        this.starter = starter;
        this.supervisor = supervisor;
    }

    /** @throws ConfigurationProblem when there is no shell, since without a guard no master may be started */
    static GuardKeeper start(
            RunDirectory directory,
            UploadFolders uploads,
            ProcessStarter starter,
            ScheduledExecutorService supervisor) {
        GuardKeeper keeper = new GuardKeeper(directory, uploads, starter, supervisor);
        try {
            keeper.replace();
            return keeper;
        } catch (IOException e) {
            throw new ConfigurationProblem(
                    "PATH", System.getenv("PATH"), "/bin/sh cannot be started: " + e, "install it");
        }
    }

    private void replace() throws IOException {
        hasFile = false;
        Guard started = Guard.start(directory, uploads, starter);
        guard = started;
        started.onExit().thenAcceptAsync(status -> onExit(started), supervisor);
    }

    /**
     * Starts another guard because the run directory was made anew, and the present guard holds a lock on the former directory.
     * Blocks for a short time.
     */
    void renew() throws IOException {
        if (!closing) {
            Guard former = guard;
            replace();
            former.dismiss();
        }
    }

    /**
     * Writes the guard's process id again if the file has been there and is missing, since {@link StaleRunDirectories} looks for it.
     *
     * @return whether it was missing
     */
    boolean mendFile() throws IOException {
        Path file = directory.path().resolve(Guard.PID);
        if (closing || Files.exists(file)) {
            hasFile = true;
            return false;
        }
        if (!hasFile) {
            return false;
        }
        Files.writeString(file, guard.pid() + "\n");
        return true;
    }

    private void onExit(Guard exited) {
        if (closing || exited != guard) {
            return;
        }
        try {
            replace();
            LOG.warn("Guard process was ended by somebody and a new one stands in");
        } catch (IOException e) {
            LOG.errorf("Guard process cannot be started, trying again: cause=%s", LogText.value(e.getMessage()));
            supervisor.schedule(() -> onExit(exited), RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Closes the guard, after the masters have stopped. Blocks until the deadline at most. */
    void close(Duration deadline) {
        closing = true;
        guard.close(deadline);
    }
}
