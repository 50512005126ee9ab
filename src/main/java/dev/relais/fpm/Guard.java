package dev.relais.fpm;

import dev.relais.process.ProcessStarter;
import dev.relais.process.Session;
import dev.relais.slot.UploadFolders;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A shell that lives a moment longer than the gateway (src/docs/facts.md, fact 12). Its standard input is a pipe from the
 * gateway that never carries a byte. When the gateway ends in any way, the pipe ends, and the shell sends SIGKILL to the
 * process group of every master with a pid file and removes the run directory and the folder of uploads. Where there is flock(1)
 * it holds a lock on the run directory meanwhile, so that systemd-tmpfiles(8) does not touch what is in it (Java's locks are
 * those of fcntl(2), which it does not ask for); if that holds one already, as soon as it lets go. Where setsid(1) exists the
 * shell has a session of its own, and everywhere it ignores the terminal's signals, so that Ctrl-C ends only the gateway, which
 * then stops in order. It is started and closed by the thread that starts and stops the gateway.
 */
final class Guard {
    /** The file with its own process id, for {@link StaleRunDirectories}. Files {@code *.pid} are those of the masters. */
    static final String PID = "guard";

    /**
     * The script sweeps twice, because a shell may have been about to become a master during the first sweep. Before its setsid
     * a master has no group of its own, so a process whose command line shows the directory is also killed by its own id. Ids
     * that are empty, 0 or 1 are skipped, because they would mean the guard's own group, all processes, or the container's
     * first process.
     */
    private static final String SCRIPT = """
            trap '' INT TERM HUP QUIT PIPE TSTP TTIN TTOU
            dir=$1
            case $dir in */relais-*) ;; *) exit 64 ;; esac
            echo $$ > "$dir/guard" || exit 73
            exec 9< "$dir"
            if command -v flock; then flock -s -n 9 || { flock -s 9 & } fi
            while read -r line; do :; done
            sweep() {
                for file in "$dir"/*.pid; do
                    [ -f "$file" ] || continue
                    pid=
                    read -r pid < "$file"
                    case $pid in ''|*[!0-9]*|0*|1) continue ;; esac
                    kill -s KILL -- "-$pid"
                    case $(tr '\\0' ' ' < "/proc/$pid/cmdline") in *"$dir"*) kill -s KILL "$pid" ;; esac
                done
            }
            sweep
            case $2 in */.relais-*) rm -rf -- "$2" ;; esac
            tries=0
            while [ $tries -lt 50 ]; do
                sleep 0.02 || sleep 1
                sweep
                tries=$((tries + 1))
                rm -rf -- "$dir" && break
            done
            """;

    private final Process process;

    private Guard(Process process) {
        this.process = process;
    }

    /**
     * Starts the guard, before the first master.
     *
     * @throws IOException when there is no shell; then no master may be started
     */
    static Guard start(RunDirectory directory, UploadFolders uploads, ProcessStarter starter) throws IOException {
        List<String> command = new ArrayList<>(Session.prefix());
        command.addAll(List.of(
                "/bin/sh", "-c", SCRIPT, "relais-guard", directory.path().toString()));
        if (uploads.root() != null) {
            command.add(uploads.root().toString());
        }
        // The gateway's output may be a pipe that another process reads to its end, so the guard must not hold it open.
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(new File("/"))
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD);
        return new Guard(starter.start(builder));
    }

    long pid() {
        return process.pid();
    }

    /**
     * Completes with the exit status. Before {@link #close} this means that the guard was killed, so that another one has to be
     * started.
     */
    CompletionStage<Integer> onExit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /** Kills the guard, so that it ends no master, because another guard has taken its place. */
    void dismiss() {
        process.destroyForcibly();
    }

    /**
     * Ends the guard by closing its input, whereupon it kills what is left and removes the files. Called after the
     * masters have stopped. Blocks.
     *
     * @return whether the guard has ended within the deadline; if not, it goes on by itself
     */
    boolean close(Duration deadline) {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // The pipe is broken because the guard has already ended.
        }
        try {
            return process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
