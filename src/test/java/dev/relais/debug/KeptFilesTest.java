package dev.relais.debug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptFilesTest {
    @TempDir
    Path folder;

    private final Set<Long> running = new HashSet<>();
    private int age;

    private KeptFiles files() throws IOException {
        return new KeptFiles(folder, (int) Files.getAttribute(folder, "unix:uid"), running::contains);
    }

    /** Each one is a minute older than the one before. */
    private void write(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_800_000_000_000L - 60_000L * age++));
    }

    private List<String> names() throws IOException {
        return files().list().stream().map(KeptFile::name).toList();
    }

    @Test
    void whatXdebugWritesIsListedTheNewestFirst() throws IOException {
        write("cachegrind.out.12.1795941783.735624", "version: 1\ncreator: xdebug\ncmd: /functions/a.php\n");
        write("trace.13.1795941783.1.xt", "Version: 3.2.0\n");
        running.add(13L);
        List<KeptFile> files = files().list();

        assertEquals(DebugMode.PROFILE, files.get(0).mode());
        assertEquals("/functions/a.php", files.get(0).script());
        assertEquals(true, files.get(0).complete());
        assertEquals(DebugMode.TRACE, files.get(1).mode());
        assertEquals(15, files.get(1).bytes());
        assertEquals(false, files.get(1).complete());
    }

    @Test
    void nothingElseIsListedOrGiven() throws IOException {
        write("other", "");
        write("cachegrind.out.12", "");
        Path secret = Files.writeString(folder.resolve("secret"), "secret");
        Files.createSymbolicLink(folder.resolve("cachegrind.out.1.1"), secret);
        Files.createLink(folder.resolve("cachegrind.out.2.2"), secret);
        Files.createDirectory(folder.resolve("cachegrind.out.3.3"));

        assertEquals(List.of(), names());
        for (String name : List.of(
                "other",
                "secret",
                "../secret",
                "cachegrind.out.1.1",
                "cachegrind.out.2.2",
                "cachegrind.out.3.3",
                "cachegrind.out.4.4")) {
            assertThrows(NoSuchFileException.class, () -> files().open(name), name);
        }
        write("cachegrind.out.5.5", "");
        assertThrows(
                NoSuchFileException.class,
                () -> new KeptFiles(folder, 4242, pid -> false).open("cachegrind.out.5.5"),
                "of another user");
    }

    @Test
    void theOldestGoWhenThereAreTooManyOrTheyAreTooLarge() throws IOException {
        for (int i = 1; i <= 5; i++) {
            write("trace." + i + ".1.xt", "x".repeat(100));
        }
        running.add(5L);
        files().bound(3, 1_000_000);
        assertEquals(List.of("trace.1.1.xt", "trace.2.1.xt", "trace.3.1.xt", "trace.5.1.xt"), names());
        running.clear();
        files().bound(3, 250);
        assertEquals(List.of("trace.1.1.xt", "trace.2.1.xt"), names());
    }

    private static void run(String... command) throws Exception {
        assertEquals(0, new ProcessBuilder(command).start().waitFor());
    }

    /** PHP's user can make these. */
    @Test
    void anOddFileHidesNoOtherOneAndCountsForTheBounds() throws Exception {
        write("cachegrind.out.1.1", "cmd: /functions/a.php\n");
        write("cachegrind.out.2.2", "x".repeat(70_000));
        write("cachegrind.out.3.3", "version: 1\n");
        Files.setPosixFilePermissions(folder.resolve("cachegrind.out.3.3"), Set.of());
        Path pipe = folder.resolve("trace.4.4.xt");
        run("mkfifo", pipe.toString());
        run("touch", "-d", "@1700000000", pipe.toString()); // Java would open it, and wait for its other end
        write("trace.5.5.xt", "");
        List<String> names = names();

        assertTrue(names.containsAll(List.of("cachegrind.out.1.1", "trace.5.5.xt")), names::toString);
        assertFalse(names.contains("cachegrind.out.2.2"), "its first line is too long");
        assertFalse(names.contains("trace.4.4.xt"), "a pipe");
        files().bound(4, 1_000_000);
        assertFalse(Files.exists(pipe), "the oldest");
        files().bound(4, 70_020);
        assertTrue(Files.exists(folder.resolve("cachegrind.out.1.1")));
        assertFalse(Files.exists(folder.resolve("cachegrind.out.2.2")), "it is too large beside the first");
        files().bound(1, 1_000_000);
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(folder.resolve("cachegrind.out.1.1")), left.toList());
        }
    }

    /** Who looks at the console is not needed for this. */
    @Test
    void runsThatEndTogetherAreOneSweepAndAFailedOneIsNotTheLast() {
        List<Runnable> handed = new ArrayList<>();
        AtomicInteger sweeps = new AtomicInteger();
        FileSweep sweep = new FileSweep(
                () -> {
                    if (sweeps.incrementAndGet() == 1) {
                        throw new IOException("the disk is broken");
                    }
                },
                handed::add);
        sweep.ask();
        sweep.ask();
        assertEquals(1, handed.size());
        assertEquals(0, sweeps.get(), "not on the thread of who asks");
        handed.remove(0).run();
        sweep.ask();
        handed.remove(0).run();
        assertEquals(2, sweeps.get());
    }

    @Test
    void withoutAFolderThereAreNone() throws IOException {
        assertEquals(List.of(), new KeptFiles(folder.resolve("none"), 0, pid -> false).list());
    }
}
