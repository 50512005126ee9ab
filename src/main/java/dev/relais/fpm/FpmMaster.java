package dev.relais.fpm;

import dev.relais.ConfigurationProblem;
import dev.relais.process.ChildOutput;
import dev.relais.process.Command;
import dev.relais.process.Host;
import dev.relais.process.ProcReader;
import dev.relais.process.Session;
import dev.relais.process.WorkerUser;
import dev.relais.slot.WorkerProcess;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One running PHP-FPM master with its process group. The supervisor's thread starts it. A daemon thread of its own
 * ({@code relais-fpm-<worker>-end}) ends it, once; further calls get the same stage. Stages complete on that thread or on the
 * JVM's process reaper.
 */
final class FpmMaster implements WorkerProcess {
    private static final Logger PHP = Logger.getLogger("dev.relais.php");
    /** SIGKILL ends a process within milliseconds; only a hang in the kernel takes longer. */
    private static final Duration KILL_DEADLINE = Duration.ofSeconds(10);

    /**
     * The shell writes its process id into a file, makes the pipes of the children, which PHP's group may write to, and then becomes the
     * master by exec, so that the file exists before the master does (src/docs/facts.md, fact 12). If the guard has removed the directory meanwhile, the file cannot be written
     * and nothing starts.
     */
    private static final String SCRIPT = """
            pidfile=$1 base=${1%.pid} pipes=$2 group=$3 names= n=0
            shift 3
            echo $$ > "$pidfile.tmp" && mv "$pidfile.tmp" "$pidfile" || exit
            while [ "$n" -lt "$pipes" ]; do
                names="$names $base.$n.err" n=$((n + 1))
            done
            if [ -n "$names" ] && mkfifo -m 620 $names && [ -n "$group" ]; then chgrp "$group" $names; fi
            exec "$@"
            """;

    private final FpmLaunch launch;
    private final Process process;
    private final FpmLog log;
    private final ErrorReader errors;
    private final Host host;
    private @Nullable CompletableFuture<Void> ended;

    private FpmMaster(FpmLaunch launch, Process process, FpmLog log, ErrorReader errors, Host host) {
        this.launch = launch;
        this.process = process;
        this.log = log;
        this.errors = errors;
        this.host = host;
    }

    /**
     * Writes the configuration and starts the master. Blocks for the time of a fork. The caller has to find out when the master
     * serves.
     *
     * @param output receives what children write to their standard error
     * @param errors reads what children write past the master; if it reads nothing they write to the master
     * @throws IOException when the file cannot be written or the process cannot be started
     */
    static FpmMaster start(FpmLaunch launch, Host host, ChildOutput output, ErrorReader errors) throws IOException {
        FpmConfigFile.write(launch);
        List<String> command = new ArrayList<>(Session.prefix());
        command.addAll(
                List.of("/bin/sh", "-c", SCRIPT, "relais-fpm", launch.pidFile().toString()));
        WorkerUser user = launch.setup().user();
        command.add(Integer.toString(
                errors.reads() ? MasterErrors.count(launch.setup().children()) : 0));
        command.add(user.switched() ? user.group() : "");
        command.addAll(launch.command("-F"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(new File("/"))
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectOutput(Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(launch.environment());
        Process process = host.starter().start(builder);
        MasterErrors pipes = errors.add(launch, output, host.proc());
        FpmLog log = new FpmLog(launch.worker(), process.getErrorStream(), output, pipes::ended, PHP).start();
        return new FpmMaster(launch, process, log, errors, host);
    }

    /**
     * Has FPM test the configuration, once at the gateway's start. Blocks.
     *
     * @return FPM's output
     * @throws ConfigurationProblem with FPM's own message when FPM refuses the configuration
     */
    static String check(FpmLaunch launch, Command command) throws IOException {
        FpmConfigFile.write(launch);
        Command.Result result = command.run(launch.command("-t", "-d", Preload.checkSetting()), launch.environment());
        Files.deleteIfExists(launch.configFile());
        if (!result.ok()) {
            throw new PhpStart(launch, command).refusal(result);
        }
        return result.output();
    }

    /** The master's process id, which is also that of its process group. */
    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public Path socket() {
        return launch.socket();
    }

    @Override
    public boolean isReady() {
        CompletableFuture<Void> ready = log.ready().toCompletableFuture();
        return ready.isDone() && !ready.isCompletedExceptionally();
    }

    /** Writes the pid file again if it is missing, since without it the guard would not end the group. */
    @Override
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

    @Override
    public CompletionStage<Void> onReady() {
        return log.ready();
    }

    @Override
    public CompletionStage<Integer> onExit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /** Ends the master. The pid file stays for the guard if a process hangs in the kernel. */
    @Override
    public CompletionStage<Void> terminate(Duration deadline) {
        return end(() -> {
            process.destroy();
            await(deadline);
        });
    }

    @Override
    public CompletionStage<Void> killGroup() {
        return end(() -> {});
    }

    @Override
    public int children() {
        int count = 0;
        for (long child : host.proc().children(pid())) {
            ProcReader.Stat stat = host.proc().stat(child);
            count += stat != null && !stat.ended() ? 1 : 0;
        }
        return count;
    }

    @Override
    public boolean replacesChildren() {
        ProcReader.Stat stat = host.proc().stat(pid());
        return stat != null && stat.state() != 'T' && stat.state() != 't';
    }

    @Override
    public boolean killUnknown(LongPredicate known, Instant before) {
        boolean any = false;
        for (long pid : host.proc().children(pid())) {
            ProcessHandle child = known.test(pid) ? null : ProcessHandle.of(pid).orElse(null);
            if (child != null
                    && host.proc().runs(child)
                    && child.info().startInstant().orElse(Instant.MAX).isBefore(before)) {
                any |= child.destroyForcibly();
            }
        }
        return any;
    }

    private synchronized CompletionStage<Void> end(Runnable before) {
        if (ended != null) {
            return ended;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        ended = done;
        Thread thread = new Thread(() -> endNow(before, done), "relais-fpm-" + launch.worker() + "-end");
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    private void endNow(Runnable before, CompletableFuture<Void> done) {
        try {
            before.run();
            // The process is killed by its own id as well, because before the master has called setsid there is no
            // group of that id.
            process.destroyForcibly();
            if (!host.groups().end(pid(), KILL_DEADLINE) || !await(KILL_DEADLINE)) {
                throw new IllegalStateException("worker " + launch.worker() + ": group " + pid() + " does not end");
            }
            errors.remove(launch.socket());
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
