package dev.relais.fpm;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import dev.relais.process.Command;
import dev.relais.process.ProcReader;
import dev.relais.process.ProcessGroups;
import dev.relais.process.WorkerUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    private static final WorkerUser OWN = new WorkerUser(false, "me", 1, "me", Set.of(1));
    private static final WorkerUser OTHER = new WorkerUser(true, "other", 54321, "other", Set.of(54321));

    @TempDir
    Path base;

    private final Random random = new Random(7);

    @Test
    void itIsPrivateAndItsSocketsAreNewForEachStart() throws Exception {
        try (RunDirectory directory = RunDirectory.create(base, OWN, 42, random)) {
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())));
            assertTrue(directory.path().getFileName().toString().matches("relais-42-[0-9a-f]{8}"));
            assertNotEquals(directory.socket(0, 1), directory.socket(0, 2));
            Files.createSymbolicLink(directory.path().resolve("link"), Path.of("/etc"));
            directory.close();
            assertFalse(Files.exists(directory.path()));
            assertTrue(Files.exists(Path.of("/etc")));
        }
    }

    @Test
    void anotherUserMayPassButNotListIt() throws Exception {
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwx--x--x"));
        try (RunDirectory directory = RunDirectory.create(base, OTHER, 42, random)) {
            assertEquals("rwx--x--x", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())));
        }
    }

    @Test
    void aScriptThatIsBeingWrittenIsNotMissing() throws Exception {
        try (RunDirectory directory = RunDirectory.create(base, OWN, 42, random)) {
            AtomicBoolean written = new AtomicBoolean();
            CompletableFuture<List<String>> missing = CompletableFuture.supplyAsync(() -> {
                List<String> seen = new ArrayList<>();
                while (!written.get()) {
                    try {
                        seen.addAll(directory.mend());
                    } catch (IOException e) {
                        seen.add(e.toString());
                    }
                }
                return seen;
            });
            try {
                for (int number = 0; number < 300; number++) {
                    directory.script("relais-" + number + ".php", "<?php");
                }
            } finally {
                written.set(true);
            }
            assertEquals(List.of(), missing.get());
        }
    }

    @Test
    void aBaseClosedToTheWorkersIsRefused() {
        problem(() -> RunDirectory.create(base, OTHER, 42, random), "cannot pass through");
    }

    @Test
    void aBaseTooDeepForASocketIsRefused() throws Exception {
        Path deep = Files.createDirectories(base.resolve("d".repeat(100)));
        problem(() -> RunDirectory.create(deep, OWN, 42, random), "107");
    }

    @Test
    void aMissingBaseAndOneWithIniCharactersAreRefused() throws Exception {
        problem(() -> RunDirectory.create(base.resolve("none"), OWN, 42, random), "no directory");
        Path odd = Files.createDirectories(base.resolve("a;b"));
        problem(() -> RunDirectory.create(odd, OWN, 42, random), "characters");
    }

    private static void problem(org.junit.jupiter.api.function.Executable create, String words) {
        String message = assertThrows(ConfigurationProblem.class, create).getMessage();
        assertTrue(message.startsWith("relais.workers.run-directory=") && message.contains(words), message);
    }

    @Test
    void onlyDirectoriesThatNobodyHoldsAreSwept() throws Exception {
        Instant now = Instant.now();
        Path dead = stale("relais-99999999-0123abcd", now.minusSeconds(60));
        Path young = stale("relais-99999999-0123abce", now);
        Path foreign = stale("relais-other-name", now.minusSeconds(60));
        RunDirectory mine = RunDirectory.create(base, OWN, 42, random);
        Files.setLastModifiedTime(mine.path(), FileTime.from(now.minusSeconds(60)));
        Path guarded = stale("relais-99999999-0123abcf", now.minusSeconds(60));
        Process guard =
                new ProcessBuilder("/bin/sh", "-c", "read -r line; : done", "relais-guard", guarded.toString()).start();
        Path locked = stale("relais-99999999-0123abd0", now.minusSeconds(60));
        Process holder = lockHolder(locked);
        try {
            Files.writeString(guarded.resolve(Guard.PID), guard.pid() + "\n");
            Files.setLastModifiedTime(guarded, FileTime.from(now.minusSeconds(60)));
            Files.setLastModifiedTime(locked, FileTime.from(now.minusSeconds(60)));
            Command command = new Command(ProcessBuilder::start, Duration.ofSeconds(5));
            ProcReader proc = new ProcReader(Path.of("/proc"), 4096);
            StaleRunDirectories sweeper =
                    new StaleRunDirectories(proc, new ProcessGroups(proc, command), 42, now.minusSeconds(3600));
            int uid = WorkerUser.Self.read().uid();
            assertEquals(List.of(), sweeper.sweep(base, uid + 1, now));
            assertEquals(List.of(dead), sweeper.sweep(base, uid, now));
            for (Path kept : List.of(young, foreign, mine.path(), guarded, locked)) {
                assertTrue(Files.exists(kept), kept.toString());
            }
        } finally {
            guard.destroyForcibly();
            holder.destroyForcibly();
            mine.close();
        }
    }

    private Path stale(String name, Instant changed) throws Exception {
        Path directory = Files.createDirectory(base.resolve(name));
        Files.writeString(directory.resolve(RunDirectory.LOCK), "");
        Files.setLastModifiedTime(directory, FileTime.from(changed));
        return directory;
    }

    /** A process that holds the lock, as another gateway would. Locks of one process would not conflict with each other. */
    private static Process lockHolder(Path directory) throws Exception {
        Path source = Files.writeString(directory.resolve("Holder.java"), """
                class Holder {
                    public static void main(String[] arguments) throws Exception {
                        var channel = java.nio.channels.FileChannel.open(java.nio.file.Path.of(arguments[0]), java.nio.file.StandardOpenOption.WRITE);
                        channel.lock();
                        java.nio.file.Files.writeString(java.nio.file.Path.of(arguments[1]), "");
                        System.in.read();
                    }
                }
                """);
        Path sign = directory.resolve("held");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        source.toString(),
                        directory.resolve(RunDirectory.LOCK).toString(),
                        sign.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        await().until(() -> Files.exists(sign));
        return process;
    }
}
