package dev.relais.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The file that was meant is opened, and only if PHP's user may read it, whatever a script does to the folder meanwhile. */
class FileOpenerTest {
    /** An id that is neither this process' user nor its group. */
    private static final int PHP = 54321;

    private static final int GROUP = 54322;

    @TempDir
    Path temporary;

    private final FileOpener own = new FileOpener();
    private final FileOpener forPhp = new FileOpener();
    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        temporary = temporary.toRealPath();
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
        folder = Files.createDirectory(temporary.resolve("folder"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        forPhp.opensFor(new ReadRights(PHP, Set.of(GROUP)));
    }

    @ParameterizedTest
    @CsvSource({
        "rw-r--r--, false, false, true",
        "rw-------, false, false, false",
        "rw-r-----, false, false, false",
        "rw-r-----, false, true,  true",
        "r--------, true,  false, true",
        "---r--r--, true,  true,  false",
        "rw----r--, false, true,  false",
        "-wx-wx-wx, true,  true,  false",
    })
    void aFileIsOpenedWhenPhpsUserMayReadIt(String mode, boolean owner, boolean group, boolean may) throws Exception {
        Path file = file("a.css", mode);
        if (owner || group) {
            assumeTrue(isRoot(), "needs root to give files away");
            chown(file, owner, group);
        }

        if (may) {
            assertEquals("text", read(forPhp, file));
        } else {
            assertThrows(AccessDeniedException.class, () -> read(forPhp, file));
        }
    }

    @ParameterizedTest
    @CsvSource({"rwxr-xr-x, true", "rwx--x--x, true", "rwx------, false", "rwxr--r--, false"})
    void eachFolderAboveLetsPhpsUserPass(String mode, boolean may) throws Exception {
        assumeTrue(isRoot(), "who is not root cannot list such a folder itself");
        Files.createDirectory(folder.resolve("below"));
        Files.setPosixFilePermissions(folder.resolve("below"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Path file = file("below/a.css", "rw-r--r--");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));

        if (may) {
            assertEquals("text", read(forPhp, file));
        } else {
            assertThrows(AccessDeniedException.class, () -> read(forPhp, file));
        }
        assertEquals("text", read(own, file), "the gateway's own rights are the kernel's business");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pipe", "folder", "socket", "link", "device"})
    void whatIsNoRegularFileIsNeverOpened(String kind) throws Exception {
        Path file = folder.resolve("x.css");
        switch (kind) {
            case "pipe" -> run("mkfifo", file.toString());
            case "folder" -> Files.createDirectory(file);
            case "socket" ->
                java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)
                        .bind(java.net.UnixDomainSocketAddress.of(file))
                        .close();
            case "link" -> Files.createSymbolicLink(file, file("real.css", "rw-r--r--"));
            default -> file = Path.of("/dev/zero");
        }
        Path real = file;

        assertThrows(IOException.class, () -> read(own, real));
        assertThrows(IOException.class, () -> read(forPhp, real));
    }

    @Test
    void noLinkIsFollowedAtAnyStep() throws Exception {
        Path file = file("a.css", "rw-r--r--");
        Path link = Files.createSymbolicLink(temporary.resolve("link"), folder);

        assertThrows(IOException.class, () -> read(own, link.resolve("a.css")));
        assertThrows(IOException.class, () -> read(forPhp, link.resolve("a.css")));
        assertEquals("text", read(forPhp, file));
    }

    /** A file or its folder is replaced by a symlink, or by a file that PHP's user may not read. */
    @ParameterizedTest
    @ValueSource(strings = {"link", "folder link", "unreadable file"})
    void aSwapBetweenCheckAndOpenLeaksNothing(String kind) throws Exception {
        assumeTrue(isRoot(), "who is not root can open nothing that the link leads to");
        Path secrets = Files.createDirectory(temporary.resolve("secrets"));
        Path secret = Files.writeString(secrets.resolve("a.css"), "SECRET");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        Path file = file("a.css", "rw-r--r--");
        Path target = kind.equals("folder link") ? folder : file;
        Path aside = temporary.resolve("aside");
        Path other = kind.equals("unreadable file")
                ? Files.move(secret, folder.resolve("other"))
                : Files.createSymbolicLink(temporary.resolve("other"), kind.equals("link") ? secret : secrets);
        AtomicBoolean stop = new AtomicBoolean();
        Thread swapper = new Thread(() -> {
            while (!stop.get()) {
                swap(target, aside, other);
            }
        });
        swapper.start();
        try {
            for (int i = 0; i < 300; i++) {
                try {
                    assertEquals("text", read(forPhp, file));
                } catch (IOException e) {
                    // refused or not there for a moment
                }
            }
        } finally {
            stop.set(true);
            swapper.join();
        }
        assertEquals("text", read(forPhp, file));
    }

    private static void swap(Path target, Path aside, Path other) {
        try {
            Files.move(target, aside, StandardCopyOption.ATOMIC_MOVE);
            Files.move(other, target, StandardCopyOption.ATOMIC_MOVE);
            Files.move(target, other, StandardCopyOption.ATOMIC_MOVE);
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void theNameIsTheOneThatWasAskedFor() throws Exception {
        OpenFile file =
                forPhp.open(file("real.bin", "rw-r--r--"), "logo.png", entered -> assertEquals(folder, entered));

        assertEquals("logo.png", file.name());
        assertEquals(4, file.size());
        file.close();
    }

    @Test
    void nothingIsOpenedWhereTheOpeningIsRefused() throws Exception {
        Path file = file("a.css", "rw-r--r--");

        assertThrows(
                FileUnavailable.class,
                () -> own.open(file, "a.css", entered -> {
                    throw new FileUnavailable("as this test wants");
                }));
    }

    private Path file(String name, String mode) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "text");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        return file;
    }

    private static void chown(Path file, boolean owner, boolean group) throws IOException {
        for (Map.Entry<String, Integer> id : Map.of("unix:uid", owner ? PHP : 0, "unix:gid", group ? GROUP : 0)
                .entrySet()) {
            Files.setAttribute(file, id.getKey(), id.getValue());
        }
    }

    private static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    private static void run(String... command) throws Exception {
        assertEquals(0, new ProcessBuilder(command).start().waitFor());
    }

    private static String read(FileOpener opener, Path path) throws IOException {
        OpenFile file = opener.open(path, "x", entered -> {});
        try {
            return new String(file.read(0, (int) file.size()), StandardCharsets.UTF_8);
        } finally {
            file.close();
        }
    }
}
