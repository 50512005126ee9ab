package dev.relais.fpm;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.process.ProcReader;
import dev.relais.process.WorkerUser;
import dev.relais.slot.UploadFolders;
import dev.relais.testing.Patience;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class GuardTest {
    private final ProcReader proc = new ProcReader(Path.of("/proc"), 4096);

    @RepeatedTest(3)
    void nothingIsLeftOfAKilledGatewayAlsoOfAKilledAndAStoppedMaster() throws Exception {
        Process gateway = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        GuardedGateway.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(gateway.getInputStream(), StandardCharsets.UTF_8))) {
            String[] words = out.readLine().split(" ");
            List<Long> masters = List.of(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
            Path directory = Path.of(words[4]);
            // A master, two children, the shell of exec() and sleep.
            masters.forEach(master -> await().until(() -> proc.group(master).size() >= 4));
            for (String descriptor : List.of("1", "2")) {
                assertEquals(
                        Path.of("/dev/null"), Files.readSymbolicLink(Path.of("/proc", words[3], "fd", descriptor)));
            }
            PhpHost.signal("KILL", masters.get(0));
            PhpHost.signal("STOP", masters.get(1));
            PhpHost.signal("KILL", gateway.pid());
            gateway.waitFor();
            await().until(() -> masters.stream().allMatch(m -> proc.group(m).isEmpty()));
            await().until(() -> !Files.exists(directory));
            FileTree.delete(directory.getParent());
        } finally {
            gateway.destroyForcibly();
        }
    }

    @Test
    void itsFileIsMissingOnlyOnceItHasBeenThere() throws Exception {
        ScheduledExecutorService supervisor = Executors.newSingleThreadScheduledExecutor();
        try (PhpHost host = new PhpHost()) {
            Path file = host.directory.path().resolve(Guard.PID);
            GuardKeeper keeper =
                    GuardKeeper.start(host.directory, UploadFolders.NONE, ProcessBuilder::start, supervisor);
            assertFalse(keeper.mendFile()); // as good as always before the shell has come to its first line
            await().until(() -> Files.exists(file) && Files.size(file) > 0);
            assertFalse(keeper.mendFile());
            String written = Files.readString(file);
            Files.delete(file);
            assertTrue(keeper.mendFile());
            assertEquals(written, Files.readString(file));
            keeper.close(Duration.ofSeconds(Patience.SECONDS));
        } finally {
            supervisor.shutdownNow();
        }
    }

    @Test
    void theTerminalsSignalsDoNotEndIt() throws Exception {
        try (PhpHost host = new PhpHost()) {
            Guard guard = Guard.start(host.directory, UploadFolders.NONE, ProcessBuilder::start);
            await().until(() -> Files.exists(host.directory.path().resolve(Guard.PID)));
            for (String signal : List.of("INT", "TERM", "HUP")) {
                PhpHost.signal(signal, guard.pid());
            }
            FpmMaster master = host.start();
            assertFalse(guard.onExit().toCompletableFuture().isDone());
            assertEquals(guard.pid(), proc.stat(guard.pid()).group());
            assertTrue(guard.close(Duration.ofSeconds(Patience.SECONDS)));
            assertEquals(0, guard.onExit().toCompletableFuture().get());
            await().until(() -> proc.group(master.pid()).isEmpty()); // the kernel ends what is killed in its own time
            assertFalse(Files.exists(host.directory.path()));
        }
    }

    @Test
    void numbersThatMeanManyProcessesAreSkipped() throws Exception {
        try (PhpHost host = new PhpHost()) {
            int i = 0;
            for (String text : List.of("", "0", "1", "-1", "00", "x", " ", "1 1", "99999999999999999999")) {
                Files.writeString(host.directory.pidFile(i++, 0), text + "\n");
            }
            Guard guard = Guard.start(host.directory, UploadFolders.NONE, ProcessBuilder::start);
            assertTrue(guard.close(Duration.ofSeconds(Patience.SECONDS)));
            assertEquals(0, guard.onExit().toCompletableFuture().get());
        }
    }

    @Test
    void theDirectoryOfAFormerGatewayIsSweptTogetherWithItsMaster() throws Exception {
        try (PhpHost host = new PhpHost()) {
            FpmMaster master = host.start(host.launch(List.of(), Map.of(), Map.of()));
            host.directory.close(); // gives the lock up; the master goes on
            Path stale = host.directory.path();
            Files.createDirectory(stale);
            Files.writeString(stale.resolve("w0-1.pid"), master.pid() + "\n");
            Files.writeString(stale.resolve("w0-2.pid"), ProcessHandle.current().pid() + "\n");
            Files.setLastModifiedTime(stale, FileTime.from(Instant.now().minusSeconds(60)));
            Instant future = Instant.now().plusSeconds(3600);
            StaleRunDirectories sweeper = new StaleRunDirectories(
                    proc, host.host.groups(), ProcessHandle.current().pid(), future);
            int uid = WorkerUser.Self.read().uid();
            assertEquals(List.of(stale), sweeper.sweep(host.base, uid, future));
            await().until(() -> proc.group(master.pid()).isEmpty());
        }
    }
}
