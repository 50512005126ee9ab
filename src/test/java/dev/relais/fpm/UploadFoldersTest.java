package dev.relais.fpm;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.process.ProcReader;
import dev.relais.slot.UploadFolders;
import dev.relais.testing.Patience;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

class UploadFoldersTest {
    private static final String NAME = "relais-42-0123abcd";
    private static final Path FLOCK = Path.of("/usr/bin/flock");

    @TempDir
    Path base;

    private UploadFolders folders(String... more) {
        Map<String, String> values = new HashMap<>(Map.of("upload_tmp_dir", base.toString()));
        for (int i = 0; i < more.length; i += 2) {
            values.put(more[i], more[i + 1]);
        }
        return UploadPlace.folders(new PhpFacts(values, true), null, NAME);
    }

    /** Creates a folder as the proof's script does. */
    private static Path make(UploadFolders folders) throws Exception {
        return Files.createDirectories(folders.next());
    }

    @Test
    void theyLieBelowWhatPhpWouldUse() {
        assertEquals(base.resolve("." + NAME), folders().root());
        PhpFacts nothing = new PhpFacts(Map.of(), true);
        assertEquals(
                Path.of("/tmp/." + NAME),
                UploadPlace.folders(nothing, null, NAME).root());
        assertEquals(
                base.resolve("." + NAME),
                UploadPlace.folders(nothing, base.toString(), NAME).root());
        assertEquals(
                Path.of("/tmp/." + NAME),
                folders("upload_tmp_dir", "/nothing/here").root());
    }

    @Test
    void thereAreNoneWherePhpCannotMakeThem() {
        assertNull(folders("disable_functions", "exec, mkdir,system").root());
        assertNull(
                UploadPlace.folders(new PhpFacts(Map.of(), false), null, NAME).root());
    }

    @Test
    void aFolderGoesWhenItsProcessHasEndedWithAllThatIsInIt() throws Exception {
        UploadFolders folders = folders();
        Process process = new ProcessBuilder("sleep", "600").start();
        Path ended = make(folders);
        Path kept = make(folders);
        folders.use(ended, process.toHandle());
        folders.use(kept, ProcessHandle.current());
        Files.writeString(ended.resolve("php1"), "x");
        Files.createDirectories(ended.resolve("own/deep"));
        Files.writeString(ended.resolve("own/deep/file"), "x");
        ProcReader proc = new ProcReader(Path.of("/proc"), 4096);
        folders.sweep(proc, Instant.now());
        assertTrue(Files.exists(ended));
        process.destroyForcibly().waitFor();
        folders.sweep(proc, Instant.now());
        assertFalse(Files.exists(ended));
        assertTrue(Files.exists(kept));
        folders.close();
        assertFalse(Files.exists(folders.root()));
    }

    @Test
    void ofManyProcessesEachIsLookedAtInTurn() throws Exception {
        UploadFolders folders = folders();
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        int many = 0;
        for (ProcessHandle other : ProcessHandle.allProcesses().limit(20).toList()) {
            folders.use(make(folders), other);
            many++;
        }
        Path ended = make(folders);
        folders.use(ended, process.toHandle());
        ProcReader proc = new ProcReader(Path.of("/proc"), 4096);
        for (int looks = 0; looks <= many && Files.exists(ended); looks++) {
            folders.sweep(proc, Instant.now());
        }
        assertFalse(Files.exists(ended));
    }

    @Test
    void aFolderOfAChildThatEndedBeforeItsProofWasThroughGoesAtTheSecondLook() throws Exception {
        UploadFolders folders = folders();
        Path unknown = make(folders);
        ProcReader proc = new ProcReader(Path.of("/proc"), 4096);
        folders.sweep(proc, Instant.now());
        folders.sweep(proc, Instant.now());
        assertTrue(Files.exists(unknown), "its proof may be under way");
        Instant later = Instant.now().plusSeconds(11);
        folders.sweep(proc, later);
        assertTrue(Files.exists(unknown), "this process may have been stopped meanwhile");
        folders.sweep(proc, later);
        assertFalse(Files.exists(unknown));
    }

    @Test
    void noLinkIsFollowedWhereverAScriptPutsIt() throws Exception {
        Path precious = Files.createDirectories(base.resolve("precious/1"));
        Files.writeString(precious.resolve("file"), "x");
        UploadFolders folders = folders();
        Path folder = make(folders);
        Files.createSymbolicLink(folder.resolve("link"), precious);
        folders.use(folder, ProcessHandle.current());
        folders.removeOf(ProcessHandle.current());
        assertFalse(Files.exists(folder));
        Files.createSymbolicLink(folder, precious);
        folders.use(folder, ProcessHandle.current());
        folders.removeOf(ProcessHandle.current());
        Files.delete(folders.root());
        Files.createSymbolicLink(folders.root(), precious.getParent());
        folders.use(Path.of("1"), ProcessHandle.current());
        folders.removeOf(ProcessHandle.current());
        folders.close();
        assertTrue(Files.exists(precious.resolve("file")));
    }

    @Test
    void whatAKilledGatewayAndGuardHaveLeftGoesAfterHours() throws Exception {
        Instant now = Instant.now();
        Path old = Files.createDirectories(base.resolve(".relais-7-0123abce/3"));
        Files.writeString(old.resolve("php1"), "x");
        Files.setLastModifiedTime(old.getParent(), FileTime.from(now.minus(Duration.ofHours(4))));
        Path young = Files.createDirectories(base.resolve(".relais-7-0123abcf"));
        UploadFolders folders = folders();
        folders.sweepStale(now);
        assertFalse(Files.exists(old.getParent()));
        assertTrue(Files.exists(young));
    }

    @Test
    void theGuardRemovesThemAndHoldsTheRunDirectoryUntilThen() throws Exception {
        try (PhpHost host = new PhpHost()) {
            UploadFolders folders = folders();
            make(folders);
            Guard guard = Guard.start(host.directory, folders, ProcessBuilder::start);
            if (hasFlock()) {
                awaitHeld(host.directory.path());
            }
            assertTrue(guard.close(Duration.ofSeconds(Patience.SECONDS)));
            assertFalse(Files.exists(folders.root()));
        }
    }

    @Test
    @EnabledIf("hasFlock")
    void theGuardHoldsTheRunDirectoryAsSoonAsACleanerThatWasThereFirstHasGone() throws Exception {
        try (PhpHost host = new PhpHost()) {
            Path directory = host.directory.path();
            Process cleaner = new ProcessBuilder(FLOCK.toString(), "-x", directory.toString(), "cat").start();
            awaitHeld(directory);
            AtomicReference<Process> shell = new AtomicReference<>();
            Guard guard = Guard.start(host.directory, folders(), builder -> {
                shell.set(builder.start());
                return shell.get();
            });
            await().until(() -> shell.get().descendants().anyMatch(UploadFoldersTest::isFlock));
            cleaner.getOutputStream().close();
            assertEquals(0, cleaner.waitFor());
            awaitHeld(directory);
            assertTrue(guard.close(Duration.ofSeconds(Patience.SECONDS)));
        }
    }

    private static boolean isFlock(ProcessHandle process) {
        return process.info().command().equals(Optional.of(FLOCK.toString()));
    }

    static boolean hasFlock() {
        return Files.isExecutable(FLOCK);
    }

    private static void awaitHeld(Path directory) {
        await().until(() -> lock(directory) != 0);
    }

    /** What systemd-tmpfiles(8) does before it looks into a directory: 0 when nobody holds it. */
    private static int lock(Path directory) throws Exception {
        return new ProcessBuilder(FLOCK.toString(), "-n", "-x", directory.toString(), "true")
                .start()
                .waitFor();
    }

    @Test
    void aCleanerThatGoesByAgeLeavesWhatWasTouched() throws Exception {
        try (PhpHost host = new PhpHost()) {
            FpmMaster master = host.start();
            Instant old = Instant.now().minus(Duration.ofDays(20));
            Path copy = Files.createDirectories(host.directory.path().resolve("functions"))
                    .resolve("a.php");
            Files.writeString(copy, "x");
            Files.setLastModifiedTime(copy, FileTime.from(old));
            FileTree.touch(host.directory.path(), Instant.now().plus(Duration.ofDays(1)));
            for (Path file : new Path[] {master.socket(), host.directory.pidScript(), host.directory.path()}) {
                assertTrue(Files.getLastModifiedTime(file).toInstant().isAfter(Instant.now()), file.toString());
            }
            FileTime read = (FileTime) Files.getAttribute(copy, "lastAccessTime");
            assertTrue(read.toInstant().isAfter(Instant.now()));
            assertEquals(
                    old.getEpochSecond(),
                    Files.getLastModifiedTime(copy).toInstant().getEpochSecond());
        }
    }
}
