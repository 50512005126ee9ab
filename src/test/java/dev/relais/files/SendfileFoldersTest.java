package dev.relais.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import dev.relais.http.Delivery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SendfileFoldersTest {
    @TempDir
    Path temporary;

    private Path files;
    private Path secret;
    private SendfileFolders folders;

    @BeforeEach
    void makeFolders() throws IOException {
        files = Files.createDirectories(temporary.resolve("files"));
        Files.createDirectories(files.resolve("sub"));
        Files.writeString(files.resolve("a b.txt"), "space");
        Files.writeString(files.resolve("sub/%41.txt"), "percent");
        Files.writeString(files.resolve("\u00e4.txt"), "umlaut");
        secret = Files.writeString(temporary.resolve("secret.txt"), "secret");
        Files.createSymbolicLink(files.resolve("out.txt"), secret);
        Files.createSymbolicLink(files.resolve("in.txt"), Path.of("a b.txt"));
        folders = new SendfileFolders(
                List.of(files), Map.of("/protected/", files, "/protected/deep/", files.resolve("sub")));
    }

    @Test
    void aFileInTheFolderIsOpenedAsItIsNamed() throws IOException {
        assertEquals(5, sendfile(files + "/a b.txt"));
        assertEquals(7, sendfile(files + "/sub/%41.txt"));
        assertEquals(6, sendfile(files + "/\u00e4.txt"));
        assertEquals(5, sendfile(files + "/sub/../in.txt"));
    }

    @Test
    void whatLeadsOutIsForbidden() {
        for (String path : new String[] {
            secret.toString(),
            files + "/out.txt",
            files + "/../secret.txt",
            "a b.txt",
            "",
            files + "x/a",
            files + "/sub"
        }) {
            assertThrows(AccessDeniedException.class, () -> sendfile(path), path);
        }
    }

    /** It would not become one by another look-up. */
    @Test
    void aFolderIsRefusedBeforeItIsOpened() {
        for (Delivery folder : List.of(
                new Delivery(Delivery.SENDFILE, files + "/sub"),
                new Delivery(Delivery.ACCEL_REDIRECT, "/protected/sub"),
                new Delivery(Delivery.ACCEL_REDIRECT, "/protected/"))) {
            assertThrows(AccessDeniedException.class, () -> folders.find(folder), folder::toString);
        }
    }

    @Test
    void aMissingFileIsMissing() {
        assertThrows(NoSuchFileException.class, () -> sendfile(files + "/missing"));
        assertThrows(NoSuchFileException.class, () -> sendfile(files + "/a\0b"));
    }

    @ParameterizedTest
    @CsvSource({
        "/protected/a%20b.txt,       5",
        "/protected/a b.txt,         5",
        "/protected/a%20b.txt?x=1,   5",
        "/protected/%C3%A4.txt,      6",
        "/protected/deep/%2541.txt,  7",
        "/protected/sub/./../in.txt, 5",
    })
    void aRedirectIsAPathBelowItsLongestPrefix(String target, long size) throws IOException {
        assertEquals(size, open(Delivery.ACCEL_REDIRECT, target));
    }

    @ParameterizedTest
    @CsvSource({
        "/protected/../secret.txt",
        "/protected/%2e%2e/secret.txt",
        "/protected/..%2fsecret.txt",
        "/other/a",
        "protected/a",
        "/protected/missing",
        "@named",
        "/protected/a%00b",
        "/protected/%FF"
    })
    void aRedirectToNothingIsMissing(String target) {
        assertThrows(NoSuchFileException.class, () -> open(Delivery.ACCEL_REDIRECT, target));
    }

    @Test
    void aRedirectThatLeadsOutIsForbidden() {
        assertThrows(AccessDeniedException.class, () -> open(Delivery.ACCEL_REDIRECT, "/protected/out.txt"));
    }

    @Test
    void aFolderThatIsNotThereOrAPrefixWithoutSlashesStopsTheStart() {
        assertProblem(
                "relais.http.sendfile-directories=/nowhere/at/all: no such directory",
                List.of(Path.of("/nowhere/at/all")),
                Map.of());
        assertProblem("files: not an absolute path", List.of(Path.of("files")), Map.of());
        assertProblem("relais.http.accel-redirects.\"/x\"=" + files + ": not a prefix", List.of(), Map.of("/x", files));
    }

    private static void assertProblem(String part, List<Path> directories, Map<String, Path> redirects) {
        ConfigurationProblem problem =
                assertThrows(ConfigurationProblem.class, () -> new SendfileFolders(directories, redirects));
        assertTrue(problem.getMessage().contains(part), problem.getMessage());
    }

    private long sendfile(String path) throws IOException {
        return open(Delivery.SENDFILE, new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    private long open(String field, String value) throws IOException {
        SendfileFolders.Named named = folders.find(new Delivery(field, value));
        OpenFile file = new FileOpener().open(named.real(), named.name(), folder -> {});
        file.close();
        return file.size();
    }
}
