package dev.relais.debug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

    @Test
    void withoutAFolderThereAreNone() throws IOException {
        assertEquals(List.of(), new KeptFiles(folder.resolve("none"), 0, pid -> false).list());
    }
}
