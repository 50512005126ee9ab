package dev.relais.functions;

import static dev.relais.functions.FunctionFixture.link;
import static dev.relais.functions.FunctionFixture.php;
import static dev.relais.functions.FunctionFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryScanTest {
    @TempDir
    Path temporary;

    private Path directory;
    private Path outside;
    private Warnings warnings;

    @BeforeEach
    void makeDirectories() throws IOException {
        directory = Files.createDirectory(temporary.toRealPath().resolve("functions"));
        outside = Files.createDirectory(temporary.toRealPath().resolve("outside"));
    }

    @Test
    void filesAndFoldersWithAnIndexAreFunctionsAtAnyDepth() throws IOException {
        php(directory, "hello.php");
        php(directory, "reports/daily.php");
        php(directory, "app/index.php");
        php(directory, "team/app/index.php");

        Map<String, DirectoryScan.Script> scripts = scan();

        assertEquals(Set.of("hello", "reports/daily", "app", "team/app"), scripts.keySet());
        assertEquals(script(directory.resolve("hello.php"), null), scripts.get("hello"));
        assertEquals(script(directory.resolve("app/index.php"), directory.resolve("app")), scripts.get("app"));
        assertNoWarning();
    }

    @Test
    void nothingInsideAFolderFunctionIsAFunction() throws IOException {
        php(directory, "app/index.php");
        php(directory, "app/admin.php");
        php(directory, "app/sub/index.php");
        php(directory, "app/sub/deep/secret.php");

        assertEquals(Set.of("app"), scan().keySet());
    }

    @Test
    void aFolderWhoseIndexIsUnusableHidesItsContentAllTheSame() throws IOException {
        php(directory, "app/config.php");
        link(directory.resolve("app/index.php"), php(outside, "index.php").toString());
        php(directory, "odd/config.php");
        Files.createDirectories(directory.resolve("odd/index.php"));

        assertEquals(Set.of(), scan().keySet());
    }

    @Test
    void excludedNamesAreNeitherFunctionsNorDescendedInto() throws IOException {
        for (String name : List.of(".hidden", "_part", "vendor", "node_modules")) {
            php(directory, name + "/inner.php");
            php(directory, "a/" + name + "/index.php");
        }
        php(directory, ".secret.php");
        php(directory, "_layout.php");
        php(directory, ".php");
        php(directory, "a/_b.php");

        assertEquals(Set.of(), scan().keySet());
        assertNoWarning();
    }

    @Test
    void namesThatOnlyLookExcludedAreFunctions() throws IOException {
        php(directory, "vendor.php");
        php(directory, "vendors/a.php");
        php(directory, "a_b.php");
        php(directory, "v1.2.php");

        assertEquals(Set.of("vendor", "vendors/a", "a_b", "v1.2"), scan().keySet());
    }

    @Test
    void onlyTheExactExtensionCounts() throws IOException {
        for (String name : List.of("a.PHP", "b.php5", "c.phtml", "d.php.bak", "e.php~", "f", "g.phps")) {
            php(directory, name);
        }

        assertEquals(Set.of(), scan().keySet());
    }

    @Test
    void theFileWinsOverTheFolderOfTheSameName() throws IOException {
        php(directory, "a.php");
        php(directory, "a/index.php");
        php(directory, "a/b.php");

        assertEquals(Map.of("a", script(directory.resolve("a.php"), null)), scan());
        assertWarning("both a.php and a/index.php are there; the file is used");
    }

    @Test
    void aFileAndAFolderWithoutIndexStandSideBySide() throws IOException {
        php(directory, "a.php");
        php(directory, "a/b.php");

        assertEquals(Set.of("a", "a/b"), scan().keySet());
        assertNoWarning();
    }

    @Test
    void namesWithControlCharactersOrBackslashesAreLeftOutWithAWarning() throws IOException {
        php(directory, "a\nb.php");
        php(directory, "c\\d.php");
        php(directory, "e\u007ff/g.php");
        php(directory, "fine.php");

        assertEquals(Set.of("fine"), scan().keySet());
        assertEquals(3, warnings.lines().size(), warnings.lines().toString());
        assertWarning("a?b.php: left out, it has a control character in its name");
        assertWarning("a backslash in its name");
    }

    @Test
    void symlinksWithinTheDirectoryAreFollowedToTheRealPath() throws IOException {
        Path real = php(directory, "_shared/real.php");
        link(directory.resolve("alias.php"), "_shared/real.php");
        link(directory.resolve("again.php"), "alias.php");
        link(directory.resolve("folder"), "_shared");
        Path app = php(directory, "_apps/one/index.php");
        link(directory.resolve("app"), "_apps/one");

        Map<String, DirectoryScan.Script> scripts = scan();

        assertEquals(Set.of("alias", "again", "folder/real", "app"), scripts.keySet());
        assertEquals(real, scripts.get("alias").real());
        assertEquals(real, scripts.get("again").real());
        assertEquals(real, scripts.get("folder/real").real());
        assertEquals(script(app, app.getParent()), scripts.get("app"));
        assertNoWarning();
    }

    @Test
    void symlinksOutOfTheDirectoryAreLeftOutWithOneWarningEach() throws IOException {
        Path script = php(outside, "x.php");
        php(outside, "app/index.php");
        link(directory.resolve("absolute.php"), script.toString());
        link(directory.resolve("relative.php"), "../outside/x.php");
        link(directory.resolve("folder"), outside.toString());
        link(directory.resolve("app"), outside.resolve("app").toString());
        link(directory.resolve("_chain.php"), script.toString());
        link(directory.resolve("chained.php"), "_chain.php");
        link(
                directory.resolve("data.json"),
                write(outside.resolve("data.json"), "{}").toString());

        assertEquals(Set.of(), scan().keySet());
        assertEquals(5, warnings.lines().size(), warnings.lines().toString());
        assertWarning("absolute.php: left out, this symlink leads out of the functions directory to " + script);
    }

    @Test
    void aDirectoryWhoseNameOnlyBeginsLikeTheFunctionsDirectoryIsOutside() throws IOException {
        Path sibling = php(Path.of(directory + "-old"), "x.php");
        link(directory.resolve("x.php"), sibling.toString());

        assertEquals(Set.of(), scan().keySet());
    }

    @Test
    void symlinksToAllowedDirectoriesAreFollowed() throws IOException {
        Path script = php(outside, "shared/x.php");
        link(directory.resolve("x.php"), script.toString());
        link(directory.resolve("shared"), outside.resolve("shared").toString());
        link(temporary.resolve("alias"), outside.toString());

        Map<String, DirectoryScan.Script> scripts = scan(temporary.resolve("alias"));

        assertEquals(Set.of("x", "shared/x"), scripts.keySet());
        assertEquals(script, scripts.get("x").real());
        assertEquals(Set.of(), scan(outside.resolve("other")).keySet());
        assertWarning("relais.functions.allow-symlinks-to " + outside.resolve("other") + ": no such directory");
    }

    @Test
    void symlinksThatLeadNowhereAreLeftOut() throws IOException {
        link(directory.resolve("gone.php"), "nowhere.php");
        link(directory.resolve("self.php"), "self.php");
        link(directory.resolve("note.txt"), "nowhere.txt");

        assertEquals(Set.of(), scan().keySet());
        assertEquals(2, warnings.lines().size(), warnings.lines().toString());
    }

    @Test
    void symlinkLoopsEnd() throws IOException {
        php(directory, "a/one.php");
        link(directory.resolve("a/up"), "..");
        link(directory.resolve("here"), ".");
        link(directory.resolve("a/b/back"), "../../a");

        assertEquals(Set.of("a/one"), scan().keySet());
        assertWarning("here: left out, this symlink leads back to a folder it is in");
    }

    @Test
    void symlinksThatMultiplyEndInAProblem() throws IOException {
        for (int i = 0; i < 15; i++) {
            link(directory.resolve("_d/" + i + "/a"), "../" + (i + 1));
            link(directory.resolve("_d/" + i + "/b"), "../" + (i + 1));
        }
        Files.createDirectories(directory.resolve("_d/15"));
        link(directory.resolve("start"), "_d/0");

        IOException problem = assertThrows(IOException.class, () -> scan(100));
        assertTrue(problem.getMessage().contains("more than 301 folders"), problem.getMessage());
    }

    @Test
    void foldersDeeperThanSixteenAreLeftOut() throws IOException {
        String deepest = "d/".repeat(16);
        php(directory, deepest + "in.php");
        php(directory, deepest + "d/out.php");

        assertEquals(Set.of(deepest + "in"), scan().keySet());
        assertWarning("left out, deeper than 16 folders");
    }

    @Test
    void moreFunctionsThanAllowedAreAProblem() throws IOException {
        for (int i = 0; i < 4; i++) {
            php(directory, "f" + i + ".php");
        }

        assertEquals(4, scan(4).size());
        IOException problem = assertThrows(IOException.class, () -> scan(3));
        assertEquals("more than 3 functions; remove some or raise relais.functions.max-count=3", problem.getMessage());
    }

    @Test
    void aSymlinkedDirectoryIsScannedAtItsRealPath() throws IOException {
        Path real = php(outside, "releases/7/hello.php");
        Path current = link(temporary.resolve("current"), "outside/releases/7");
        directory = current;

        assertEquals(real, scan().get("hello").real());
    }

    private static DirectoryScan.Script script(Path real, Path root) throws IOException {
        String version =
                Stamp.of(Files.readAttributes(real, BasicFileAttributes.class)).version();
        return new DirectoryScan.Script(real, root, List.of(), version, null);
    }

    private Map<String, DirectoryScan.Script> scan(Path... allowed) throws IOException {
        warnings = new Warnings();
        return new DirectoryScan(directory, List.of(allowed), 10_000, new Traces(Instant.now()), warnings)
                .run(FunctionFixture.NO_SETTINGS);
    }

    private Map<String, DirectoryScan.Script> scan(int most) throws IOException {
        warnings = new Warnings();
        return new DirectoryScan(directory, List.of(), most, new Traces(Instant.now()), warnings)
                .run(FunctionFixture.NO_SETTINGS);
    }

    private void assertNoWarning() {
        assertEquals(Set.of(), warnings.lines());
    }

    private void assertWarning(String part) {
        assertTrue(
                warnings.lines().stream().anyMatch(line -> line.contains(part)),
                warnings.lines().toString());
    }
}
