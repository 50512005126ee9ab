package dev.relais.fpm;

import dev.relais.process.Command;
import dev.relais.process.Host;
import dev.relais.process.ProcReader;
import dev.relais.process.WorkerUser;
import dev.relais.testing.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** A temporary directory that workers may read, and the real php-fpm in it. It ends everything that it has started. */
final class PhpHost implements AutoCloseable {
    final Command command = new Command(ProcessBuilder::start, Duration.ofSeconds(10));
    final ProcReader proc = new ProcReader();
    final Host host = Host.of(ProcessBuilder::start, command, proc);
    final ConcurrentLinkedQueue<String> said = new ConcurrentLinkedQueue<>();
    final PhpFpm php = PhpFpm.find(Optional.empty(), System.getenv("PATH"), command);
    final ErrorReader errors = new ErrorReader(true, System::nanoTime);
    final WorkerUser user;
    final Path base;
    final RunDirectory directory;
    final FinishFunction finish;
    final Preload preload;
    private final List<FpmMaster> masters = new ArrayList<>();
    private int incarnation;

    PhpHost() throws IOException {
        // JUnit's @TempDir is closed to other users.
        base = Files.createTempDirectory("relais-test");
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
        user = WorkerUser.resolve(Optional.empty(), Optional.empty(), WorkerUser.Self.read(), command);
        directory = RunDirectory.create(base, user, ProcessHandle.current().pid(), RandomGenerator.getDefault());
        finish = FinishFunction.write(directory, RandomGenerator.getDefault());
        preload = Preload.write(directory, List.of(finish.php(), ErrorFunction.php(directory)));
    }

    Path script(String name, String text) throws IOException {
        Path file = Files.writeString(base.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        return file;
    }

    FpmLaunch launch(List<String> passedOn, Map<String, String> environment, Map<String, String> settings) {
        return new FpmLaunch(
                new FpmSetup(
                        php,
                        2,
                        directory,
                        user,
                        passedOn,
                        environment,
                        settings,
                        finish,
                        Optional.of(preload),
                        Optional.empty(),
                        false,
                        FileChecks.EACH_REQUEST),
                0,
                ++incarnation);
    }

    /** The same launch for the case that nothing can be preloaded. */
    FpmLaunch prepending(FpmLaunch of) {
        FpmSetup setup = of.setup();
        return new FpmLaunch(setup.withPreload(Optional.empty()), of.worker(), of.incarnation());
    }

    FpmMaster start(FpmLaunch launch) throws Exception {
        FpmMaster master = FpmMaster.start(launch, host, (pid, text, logged) -> said.add(text), errors);
        masters.add(master);
        master.onReady().toCompletableFuture().get(Patience.SECONDS, TimeUnit.SECONDS);
        return master;
    }

    FpmMaster start() throws Exception {
        return start(launch(List.of(), Map.of(), Map.of()));
    }

    String call(FpmMaster master, Path script) throws IOException {
        return TestFastCgi.call(master.socket(), script);
    }

    static void signal(String name, long pid) throws Exception {
        new ProcessBuilder("/bin/sh", "-c", "kill -s " + name + " " + pid)
                .start()
                .waitFor();
    }

    @Override
    public void close() throws IOException {
        for (FpmMaster master : masters) {
            master.killGroup().toCompletableFuture().join();
        }
        errors.close();
        directory.close();
        FileTree.delete(base);
    }
}
