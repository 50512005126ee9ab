package dev.relais.functions;

import static dev.relais.functions.FunctionFixture.config;
import static dev.relais.functions.FunctionFixture.link;
import static dev.relais.functions.FunctionFixture.php;
import static dev.relais.functions.FunctionFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.events.Events;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Changes that are made to the directory as deployments make them are found automatically; wrong ones leave the last good
 * state.
 */
class FunctionsReloadTest extends WatchedFunctions {
    @Test
    void filesAddedReplacedAndRemovedShow() throws IOException {
        php(directory, "a.php");
        start();
        php(directory, "b/c.php");
        eventually(() -> assertEquals(Set.of("a", "b/c"), names()));
        Files.move(php(directory, "_new.php"), directory.resolve("a.php"), StandardCopyOption.REPLACE_EXISTING);
        Files.delete(directory.resolve("b/c.php"));
        eventually(() -> assertEquals(Set.of("a"), names()));
        assertTrue(functions.status().reloads() >= 2);
    }

    @Test
    void aConfigMapUpdateShows() throws IOException {
        php(directory, "..2026_11_24_1/hello.php");
        write(directory.resolve("..2026_11_24_1/functions.yaml"), "functions: {hello: {timeout: 1s}}");
        link(directory.resolve("..data"), "..2026_11_24_1");
        link(directory.resolve("hello.php"), "..data/hello.php");
        link(directory.resolve("functions.yaml"), "..data/functions.yaml");
        start();
        assertEquals(Set.of("hello"), names());
        assertEquals(directory + "/..2026_11_24_1/hello.php", script("hello"));
        assertEquals(1_000, timeout("hello"));

        php(directory, "..2026_11_24_2/hello.php");
        php(directory, "..2026_11_24_2/more.php");
        write(directory.resolve("..2026_11_24_2/functions.yaml"), "functions: {hello: {timeout: 2s}}");
        link(directory.resolve("..data"), "..2026_11_24_2");
        link(directory.resolve("more.php"), "..data/more.php");

        eventually(() -> assertEquals(Set.of("hello", "more"), names()));
        assertEquals(directory + "/..2026_11_24_2/hello.php", script("hello"));
        assertEquals(directory.toString(), functions.current().get("hello").documentRoot());
        assertEquals(2_000, timeout("hello"));
    }

    @Test
    void aSwitchedReleaseShows() throws IOException {
        php(temporary, "releases/7/hello.php");
        php(temporary, "releases/8/hello.php");
        Path current = link(temporary.resolve("current"), "releases/7");
        start(config(current));
        assertEquals(temporary + "/releases/7/hello.php", script("hello"));

        link(current, "releases/8");

        eventually(() -> assertEquals(temporary + "/releases/8/hello.php", script("hello")));
        assertEquals(temporary + "/releases/8", functions.current().get("hello").documentRoot());
    }

    @Test
    void aDirectoryThatVanishesForAMomentKeepsTheLastGoodFunctions() throws IOException {
        php(directory, "hello.php");
        start();
        FunctionRegistry before = functions.current();
        Files.move(directory, temporary.resolve("away"));
        eventually(() -> assertNotNull(functions.status().problem()));
        refresh();
        long failed = functions.status().failedReloads();
        refresh();
        refresh();
        assertSame(before, functions.current());
        assertEquals(failed, functions.status().failedReloads(), "the same problem counts once");
        assertTrue(
                functions.status().problem().contains(directory.toString()),
                functions.status().problem());

        Files.move(temporary.resolve("away"), directory);
        eventually(() -> assertNull(functions.status().problem()));
        assertSame(before, functions.current());
        php(directory, "more.php");
        eventually(() -> assertEquals(Set.of("hello", "more"), names()));
    }

    @Test
    void tooManyFunctionsKeepTheLastGoodOnes() throws IOException {
        php(directory, "a.php");
        php(directory, "b.php");
        start(new FunctionFixture.Config(
                directory, Duration.ofSeconds(60), Duration.ofMillis(20), Optional.empty(), 2));
        php(directory, "c.php");
        eventually(() -> assertNotNull(functions.status().problem()));
        assertEquals(Set.of("a", "b"), names());
        Files.delete(directory.resolve("a.php"));
        eventually(() -> assertEquals(Set.of("b", "c"), names()));
        assertNull(functions.status().problem());
    }

    @Test
    void aLaterBadFunctionsYamlKeepsTheLastGoodSettingsUntilItIsGoodAgain() throws IOException {
        php(directory, "hello.php");
        Path yaml =
                write(directory.resolve("functions.yaml"), "functions: {hello: {timeout: 5s}, later: {timeout: 6s}}");
        start();
        assertEquals(5_000, timeout("hello"));

        write(yaml, "functions: {hello: {timeout: never}}");
        eventually(() -> assertNotNull(functions.status().problem()));
        assertTrue(
                functions.status().problem().contains("timeout=never"),
                functions.status().problem());
        assertEquals(1, functions.status().failedReloads());
        assertEquals(5_000, timeout("hello"));

        php(directory, "later.php");
        php(directory, "new.php");
        eventually(() -> assertEquals(Set.of("hello", "later", "new"), names()));
        assertEquals(6_000, timeout("later"));
        assertEquals(60_000, timeout("new"));
        assertEquals(1, functions.status().failedReloads());

        write(yaml, "functions: {hello: {timeout: 7s}}");
        eventually(() -> assertEquals(7_000, timeout("hello")));
        assertNull(functions.status().problem());
        Files.delete(yaml);
        eventually(() -> assertEquals(60_000, timeout("hello")));
    }

    @Test
    void theMirrorIsServedAndFollowsTheDirectory() throws IOException {
        php(directory, "hello.php");
        php(directory, "vendor/autoload.php");
        Path copy = temporary.resolve("copy");
        functions = new Functions(config(directory), new Events());
        functions.start(copy, 1, folder -> true);
        assertEquals(copy + "/hello.php", script("hello"));
        assertEquals(copy.toString(), functions.current().get("hello").documentRoot());
        assertEquals(directory, functions.status().directory());
        assertTrue(Files.exists(copy.resolve("vendor/autoload.php")));

        write(directory.resolve("hello.php"), "<?php echo 2;");
        eventually(() -> assertEquals("<?php echo 2;", Files.readString(copy.resolve("hello.php"))));
        php(directory, "more.php");
        Files.delete(directory.resolve("hello.php"));
        eventually(() -> assertEquals(Set.of("more"), names()));
        assertFalse(Files.exists(copy.resolve("hello.php")));
        write(directory.resolve("functions.yaml"), "functions: {more: {timeout: bad}}");
        eventually(() -> assertNotNull(functions.status().problem()));
        assertTrue(
                functions.status().problem().startsWith(directory + "/functions.yaml line 1"),
                functions.status().problem());
    }
}
