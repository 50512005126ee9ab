package dev.relais.fpm;

import dev.relais.ConfigurationProblem;
import dev.relais.process.ChildOutput;
import dev.relais.process.Command;
import dev.relais.process.ProcessGroups;
import dev.relais.process.ProcessStarter;
import dev.relais.process.Session;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * One running PHP-FPM master with its process group. Started by the supervisor's thread; ending it is done by a daemon thread of its own
 * ({@code relais-fpm-<worker>-end}), once: further calls get the same stage. Stages complete on that thread or the JVM's process reaper.
 */
public final class FpmMaster {
    private static final Logger PHP = Logger.getLogger("dev.relais.php");
    /** SIGKILL ends a process within milliseconds; only a hang in the kernel takes longer. */
    private static final Duration KILL_DEADLINE = Duration.ofSeconds(10);

    /**
     * The shell leaves its number and then becomes the master, so the number is there before the master is (src/docs/facts.md, fact 12).
     * When the guard has removed the directory meanwhile, the number cannot be left and nothing starts.
     */
    private static final String SCRIPT = """
            pidfile=$1
            shift
            echo $$ > "$pidfile.tmp" && mv "$pidfile.tmp" "$pidfile" && exec "$@"
            """;

    private final FpmLaunch launch;
    private final Process process;
    private final FpmLog log;
    private final ProcessGroups groups;
    private CompletableFuture<Void> ended;

    private FpmMaster(FpmLaunch launch, Process process, FpmLog log, ProcessGroups groups) {
        this.launch = launch;
        this.process = process;
        this.log = log;
        this.groups = groups;
    }

    /**
     * Writes the configuration and starts the master. Blocks for the time of a fork; that it serves is for the caller to find out.
     *
     * @param output takes what children write to their standard error
     * @throws IOException when there is no room for the file or the process
     */
    static FpmMaster start(FpmLaunch launch, ProcessStarter starter, ProcessGroups groups, ChildOutput output)
            throws IOException {
        FpmConfigFile.write(launch);
        List<String> command = new ArrayList<>(Session.prefix());
        command.addAll(
                List.of("/bin/sh", "-c", SCRIPT, "relais-fpm", launch.pidFile().toString()));
        command.addAll(launch.command("-F"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(new File("/"))
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectOutput(Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(launch.environment());
        Process process = starter.start(builder);
        FpmLog log = new FpmLog(launch.worker(), process.getErrorStream(), output, PHP).start();
        return new FpmMaster(launch, process, log, groups);
    }

    /**
     * Asks FPM whether it takes the configuration; once at the gateway's start. Blocks.
     *
     * @return what it said
     * @throws ConfigurationProblem with FPM's own message when it does not
     */
    static String check(FpmLaunch launch, Command command) throws IOException {
        FpmConfigFile.write(launch);
        Command.Result result =
                command.run(launch.command("-t", "-d", FinishFunction.checkSetting()), launch.environment());
        Files.deleteIfExists(launch.configFile());
        if (!result.ok()) {
            throw new PhpStart(launch, command).refusal(result);
        }
        return result.output();
    }

    /** Its process number, which is its group's too. */
    public long pid() {
        return process.pid();
    }

    public Path socket() {
        return launch.socket();
    }

    /** It has said that it is ready. */
    public boolean isReady() {
        CompletableFuture<Void> ready = log.ready().toCompletableFuture();
        return ready.isDone() && !ready.isCompletedExceptionally();
    }

    /**
     * Writes anew what is missing of its files: without its pid file the guard would leave the group behind. Blocks.
     *
     * @return whether anything was missing
     */
    public synchronized boolean mendFiles() throws IOException {
        if (ended != null || !process.isAlive() || !isReady()) {
            return false;
        }
        boolean missing = false;
        if (!Files.exists(launch.pidFile())) {
            Files.writeString(launch.pidFile(), pid() + "\n");
            missing = true;
        }
        if (!Files.exists(launch.configFile())) {
            FpmConfigFile.write(launch);
            missing = true;
        }
        return missing;
    }

    /**
     * Completes when the master says it is ready; fails when it ends before. The children's first answers come after that
     * (src/docs/facts.md, fact 2).
     */
    public CompletionStage<Void> onReady() {
        return log.ready();
    }

    /** Completes with the exit status, 128 and more for a signal. Its children may go on serving then: {@link #killGroup}. */
    public CompletionStage<Integer> onExit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /**
     * Ends the master in order, after its connections are closed (src/docs/facts.md, fact 13): SIGTERM, at the deadline SIGKILL, then
     * whatever is left of its group. Returns at once.
     *
     * @return completes when nothing but zombies is left; fails when something hangs in the kernel, with the pid file kept for the guard
     */
    public CompletionStage<Void> terminate(Duration deadline) {
        return end(() -> {
            process.destroy();
            await(deadline);
        });
    }

    /** Kills the whole group at once, in particular the children of a master that was found dead. As {@link #terminate} else. */
    public CompletionStage<Void> killGroup() {
        return end(() -> {});
    }

    private synchronized CompletionStage<Void> end(Runnable before) {
        if (ended != null) {
            return ended;
        }
        ended = new CompletableFuture<>();
        Thread thread = new Thread(() -> endNow(before, ended), "relais-fpm-" + launch.worker() + "-end");
        thread.setDaemon(true);
        thread.start();
        return ended;
    }

    private void endNow(Runnable before, CompletableFuture<Void> done) {
        try {
            before.run();
            // By itself as well: until it has called setsid its group has no such number.
            process.destroyForcibly();
            if (!groups.end(pid(), KILL_DEADLINE) || !await(KILL_DEADLINE)) {
                throw new IllegalStateException("worker " + launch.worker() + ": group " + pid() + " does not end");
            }
            Files.deleteIfExists(launch.pidFile());
            Files.deleteIfExists(launch.socket());
            Files.deleteIfExists(launch.configFile());
            done.complete(null);
        } catch (IOException | RuntimeException e) {
            done.completeExceptionally(e);
        }
    }

    private boolean await(Duration deadline) {
        try {
            return process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
