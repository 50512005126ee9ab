package dev.relais.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeTest {
    private static final Instant NOW = Instant.now();

    @TempDir
    Path temporary;

    private Path directory;

    @BeforeEach
    void make() throws IOException {
        directory = Files.createDirectory(temporary.toRealPath().resolve("functions"));
        FunctionFixture.php(directory, "hello.php");
        FunctionFixture.php(directory, "app/index.php");
        FunctionFixture.php(directory, "app/vendor/lib/Thing.php");
        FunctionFixture.write(directory.resolve("app/page.html.twig"), "{{ x }}");
    }

    private Tree tree(String... ignored) throws IOException {
        return scan(ignored).tree();
    }

    private Tree.Scan scan(String... ignored) throws IOException {
        return Tree.scan(directory, List.of(), Set.of(ignored), NOW);
    }

    @Test
    void anUntouchedTreeIsTheSame() throws IOException {
        assertEquals(tree(), tree());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hello.php", "app/vendor/lib/Thing.php", "app/page.html.twig", "functions.yaml", "new/x.txt"})
    void aFileThatIsReplacedOrAddedMakesItAnother(String file) throws IOException {
        Tree before = tree();
        FunctionFixture.write(directory.resolve(file), "other");
        assertNotEquals(before, tree());
    }

    @Test
    void aFileThatGoesMakesItAnotherAndSoDoesARename() throws IOException {
        Tree before = tree();
        Files.move(directory.resolve("app/page.html.twig"), directory.resolve("app/q.html.twig"));
        Tree renamed = tree();
        Files.delete(directory.resolve("app/q.html.twig"));
        assertNotEquals(before, renamed);
        assertNotEquals(renamed, tree());
    }

    @Test
    void aSwitchedSymlinkMakesItAnotherThoughTheReleasesLookAlike() throws IOException {
        Path one = FunctionFixture.php(temporary, "releases/1/f.php");
        Path two = FunctionFixture.php(temporary, "releases/2/f.php");
        FunctionFixture.settle(one, two);
        Path link = FunctionFixture.link(temporary.resolve("current"), "releases/1");
        Tree before = Tree.scan(link, List.of(), Set.of(), NOW).tree();
        FunctionFixture.link(link, "releases/2");
        assertNotEquals(before, Tree.scan(link, List.of(), Set.of(), NOW).tree());
    }

    @Test
    void linksAreFollowedOnlyToWhereTheyMayLead() throws IOException {
        Path outside = FunctionFixture.php(temporary, "outside/x.php").toRealPath();
        FunctionFixture.link(directory.resolve("ext"), outside.getParent().toString());
        Tree closed = tree();
        assertEquals(3, scan().scripts().size());
        Tree.Scan open = Tree.scan(directory, List.of(outside.getParent()), Set.of(), NOW);
        assertEquals(4, open.scripts().size());
        FunctionFixture.php(temporary, "outside/x.php");
        assertEquals(closed, tree());
        assertNotEquals(open, Tree.scan(directory, List.of(outside.getParent()), Set.of(), NOW));
    }

    @Test
    void aLinkBackIsNoEndlessWalkAndABrokenOneNoFailure() throws IOException {
        FunctionFixture.link(directory.resolve("app/back"), directory.toString());
        FunctionFixture.link(directory.resolve("nowhere"), "/no/such/file");
        assertEquals(3, scan().scripts().size());
    }

    @Test
    void whatIsIgnoredByNameOrPathChangesNothing() throws IOException {
        Tree before = tree(".git", "app/data");
        FunctionFixture.write(directory.resolve(".git/index"), "x");
        FunctionFixture.write(directory.resolve("app/data/db"), "x");
        assertEquals(before, tree(".git", "app/data"));
        FunctionFixture.write(directory.resolve("data/db"), "x");
        assertNotEquals(before, tree(".git", "app/data"));
    }

    @Test
    void aFolderMayBeIgnoredAsDenyWritesIt() throws IOException {
        FunctionsConfig config = FunctionFixture.config(directory).ignoring("storage/");
        Tree before =
                Tree.scan(directory, config, FunctionRegistry.empty(), NOW).tree();
        FunctionFixture.write(directory.resolve("storage/log"), "x");
        assertEquals(
                before,
                Tree.scan(directory, config, FunctionRegistry.empty(), NOW).tree());
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello.php", "app/vendor/lib/Thing.php", "functions.yaml"})
    void theCodeIsPhpFilesAndSettings(String file) throws IOException {
        long before = tree().code();
        FunctionFixture.write(directory.resolve("storage/log"), "x");
        assertEquals(before, tree().code());
        FunctionFixture.write(directory.resolve(file), "other");
        assertNotEquals(before, tree().code());
    }

    @Test
    void theScriptsAreAllPhpFilesWhereverTheyAre() throws IOException {
        assertEquals(
                Set.of(
                        directory.resolve("hello.php"),
                        directory.resolve("app/index.php"),
                        directory.resolve("app/vendor/lib/Thing.php")),
                Set.copyOf(scan().scripts()));
    }

    @Test
    void aMissingDirectoryIsAFailure() {
        assertThrows(IOException.class, () -> Tree.scan(temporary.resolve("none"), List.of(), Set.of(), NOW));
    }

    private PhpFunction site(Path written) throws IOException {
        Path file = Files.writeString(
                temporary.resolve("sites.yaml"),
                "sites: {s: {root: " + written + ", paths: {"
                        + "uploads/: {scripts: none}, 'sites/*/files/': {scripts: none}}}}");
        Settings settings = SettingsFile.read(file, "functions.yaml", FunctionSettings.defaults(60_000), 1);
        SiteFolders folders = new SiteFolders("functions.yaml", folder -> true);
        return folders.load(settings, new Traces(NOW), new Warnings()).get(0);
    }

    private Tree withSites(PhpFunction site) throws IOException {
        return Tree.scanWithSites(directory, FunctionFixture.config(directory), FunctionRegistry.of(List.of(site)), NOW)
                .tree();
    }

    @Test
    void ofASiteOnlyItsScriptsCount() throws IOException {
        Path root = temporary.toRealPath().resolve("site");
        FunctionFixture.php(root, "index.php");
        FunctionFixture.write(root.resolve("uploads/a.txt"), "x");
        PhpFunction site = site(root);
        Tree before = withSites(site);

        FunctionFixture.write(root.resolve("uploads/b.jpg"), "x");
        FunctionFixture.php(root, "uploads/c.php");
        FunctionFixture.php(root, "sites/default/files/twig/d.php");
        FunctionFixture.write(root.resolve("new/e.css"), "x");
        assertEquals(before, withSites(site));

        FunctionFixture.php(root, "plugins/f.php");
        Tree installed = withSites(site);
        assertNotEquals(before, installed);
        FunctionFixture.write(root.resolve("plugins/f.php"), "<?php // updated");
        assertNotEquals(installed, withSites(site));
    }

    @Test
    void aSitesRootThatAReleaseSwitchesMakesItAnother() throws IOException {
        FunctionFixture.php(temporary, "r/1/index.php");
        FunctionFixture.php(temporary, "r/2/index.php");
        Path current = FunctionFixture.link(temporary.resolve("current"), "r/1");
        PhpFunction site = site(current);
        Tree before = withSites(site);

        Files.delete(current);
        FunctionFixture.link(current, "r/2");
        assertNotEquals(before, withSites(site));
    }
}
