package dev.relais.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteExaminationTest {
    @TempDir
    Path directory;

    private Path root;

    @BeforeEach
    void makeRoot() throws IOException {
        root = directory.toRealPath().resolve("site");
        FunctionFixture.php(root, "index.php");
        FunctionFixture.php(root, "lib/a.php");
    }

    private List<String> problems(String keys) throws IOException {
        Files.writeString(directory.resolve("functions.yaml"), "sites: {s: {root: " + root + keys + "}}");
        PhpFunction site = SitePreview.of(FunctionFixture.config(directory)).get("site:s");
        return SiteExamination.of(site.application(), folder -> true);
    }

    @Test
    void aSiteThatIsInOrderHasNone() throws IOException {
        FunctionFixture.link(root.resolve("inside.php"), "index.php");
        assertEquals(List.of(), problems(", deny: [lib/], fallback: /index.php"));
    }

    @Test
    void whatIsNotAsItShouldBeIsTold() throws IOException {
        Files.setPosixFilePermissions(
                FunctionFixture.write(root.resolve(".env"), "x"), PosixFilePermissions.fromString("rw-r--r--"));
        assertEquals(
                List.of(
                        "the fallback /missing.php is not there",
                        "deny: nothing/ matches nothing",
                        "deny: *.zip matches nothing",
                        ".env can be read by all users of the host"),
                problems(", deny: [nothing/, '*.zip'], fallback: /missing.php"));
    }

    @Test
    void linksThatLeadOutAndFoldersThatAllMayWriteToAreTold() throws IOException {
        FunctionFixture.write(directory.resolve("outside.txt"), "x");
        FunctionFixture.link(root.resolve("out.txt"), "../outside.txt");
        Files.setPosixFilePermissions(root.resolve("lib"), PosixFilePermissions.fromString("rwxrwxrwx"));

        assertEquals(2, problems("").size());
        assertEquals(
                List.of("all users of the host may write scripts into /lib"),
                problems(", allow-symlinks-to: [" + directory.toRealPath() + "]"));
        assertEquals(
                List.of(),
                problems(", allow-symlinks-to: [" + directory.toRealPath() + "], paths: {lib/: {scripts: none}}"));
    }
}
