package dev.relais.functions;

import static dev.relais.functions.FunctionFixture.config;
import static dev.relais.functions.FunctionFixture.php;
import static dev.relais.functions.FunctionFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import dev.relais.events.Events;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A setting that cannot be honoured leaves nothing unprotected: the file is refused, and the last good settings stay. */
class SettingsCheckTest extends WatchedFunctions {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shop: {application: true}          | functions.shop.application=true: this folder has no index.php",
                "shop: {application: true, deny: [a.php]} | functions.shop.application=true",
                "hello: {application: true}         | functions.hello.application=true: is a file",
                "shop: {deny: [admin.php]}          | functions.shop={...}: deny without application",
                "/hello: {methods: [POST]}          | functions./hello={...}: this is not how the function is named; write"
                        + " hello",
                "hello/: {methods: [POST]}          | write hello",
                "hello.php: {methods: [POST]}       | write hello",
                "/api/hello: {methods: [POST]}      | write hello",
                "Hello: {methods: [POST]}           | write hello",
                "wiki/index.php: {methods: [POST]}  | write wiki",
                "wiki/lib: {deny: [x], application: true} | functions.wiki/lib={...}: lies in the function wiki",
            })
    void whatCannotBeHonouredRefusesTheFile(String entry, String message) throws IOException {
        php(directory, "hello.php");
        php(directory, "shop/admin.php");
        php(directory, "wiki/index.php");
        write(directory.resolve("functions.yaml"), "functions: {hello: {timeout: 1s}}");
        start();
        Set<String> before = names();

        write(directory.resolve("functions.yaml"), "functions: {" + entry + "}");
        refresh();

        assertTrue(
                functions.status().problem().contains(message),
                functions.status().problem());
        assertEquals(1, functions.status().failedReloads());
        assertEquals(before, names());
        assertEquals(1_000, timeout("hello"), "the last good settings stay");
        ConfigurationProblem atStart =
                assertThrows(ConfigurationProblem.class, () -> new Functions(config(directory), new Events())
                        .start(null, 1, folder -> true));
        assertTrue(atStart.getMessage().contains(message), atStart.getMessage());

        write(directory.resolve("functions.yaml"), "functions: {hello: {timeout: 2s}}");
        refresh();
        assertNull(functions.status().problem());
        assertEquals(2_000, timeout("hello"));
    }

    @Test
    void anApplicationThatLosesItsIndexOpensNoneOfItsScripts() throws IOException {
        php(directory, "wiki/index.php");
        for (int i = 0; i < 5; i++) {
            php(directory, "wiki/admin" + i + ".php");
            php(directory, "wiki/sub/index.php");
        }
        write(directory.resolve("functions.yaml"), "functions: {wiki: {application: true}}");
        start();
        assertEquals(Set.of("wiki"), names());

        Files.delete(directory.resolve("wiki/index.php"));

        eventually(() -> assertEquals(Set.of(), names()));
        assertTrue(functions.status().problem().contains("functions.wiki.application=true"));
        php(directory, "wiki/index.php");
        eventually(() -> assertEquals(Set.of("wiki"), names()));
        assertNull(functions.status().problem());
        assertTrue(functions.current().get("wiki").application() != null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pipe", "folder", "unreadable link", "socket"})
    @org.junit.jupiter.api.Timeout(20)
    void aSettingsFileThatIsNoFileKeepsTheLastGoodSettings(String kind) throws Exception {
        php(directory, "hello.php");
        Path file = write(directory.resolve("functions.yaml"), "functions: {hello: {timeout: 1s}}");
        // Looks only when asked, so never while there is no file.
        start(new FunctionFixture.Config(
                directory, Duration.ofSeconds(60), Duration.ofMinutes(1), Optional.empty(), 10_000));

        refresh(); // the first look of its own is over
        Files.delete(file);
        switch (kind) {
            case "pipe" ->
                assertEquals(
                        0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
            case "folder" -> Files.createDirectory(file);
            case "socket" ->
                java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)
                        .bind(java.net.UnixDomainSocketAddress.of(file))
                        .close();
            default -> Files.createSymbolicLink(file, Path.of("/proc/self/fd/0"));
        }
        refresh();

        assertTrue(
                functions.status().problem().contains("functions.yaml"),
                functions.status().problem());
        assertEquals(1_000, timeout("hello"));
        Files.delete(file);
        refresh();
        assertNull(functions.status().problem());
    }

    @Test
    void pipesAmongTheScriptsAreNoFunctionsAndHoldNothingUp() throws Exception {
        php(directory, "hello.php");
        for (String name : new String[] {"pipe.php", "app/index.php", "x.css"}) {
            Files.createDirectories(directory.resolve(name).getParent());
            assertEquals(
                    0,
                    new ProcessBuilder("mkfifo", directory.resolve(name).toString())
                            .start()
                            .waitFor());
        }
        start();

        assertEquals(Set.of("hello"), names());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"functions.yml", "function.yaml", "Functions.YAML", "functions.yaml.txt", ".functions.yaml"})
    void aFileThatWasMostLikelyMeantToBeTheSettingsIsWarnedOf(String name) throws IOException {
        php(directory, "a.php");
        write(directory.resolve(name), "functions: {a: {timeout: 1s}}");
        FunctionSource source =
                new FunctionSource(config(directory), null, 1, folder -> true, java.time.Clock.systemUTC());

        FunctionSource.Loaded loaded = source.load();

        assertEquals(1, loaded.warnings().size(), loaded.warnings()::toString);
        String warning = loaded.warnings().iterator().next();
        assertTrue(warning.contains(name) && warning.endsWith("the settings' file is called functions.yaml"), warning);
    }

    @Test
    void anEntryThatMatchesNothingIsWarnedOf() throws IOException {
        php(directory, "wiki/index.php");
        write(directory.resolve("wiki/data/a.txt"), "x");
        write(directory.resolve("wiki/deep/er/x.BAK"), "x");
        write(
                directory.resolve("functions.yaml"),
                "functions: {wiki: {application: true, deny: [data, ./cofn/, '*.bak', '*.nothing', Data/]}}");
        FunctionSource source =
                new FunctionSource(config(directory), null, 1, folder -> true, java.time.Clock.systemUTC());

        Set<String> warnings = source.load().warnings();

        assertEquals(
                Set.of(
                        "functions.yaml: wiki: deny: cofn/ matches nothing",
                        "functions.yaml: wiki: deny: *.nothing matches nothing",
                        "functions.yaml: wiki: deny: Data/ matches nothing"),
                warnings);
        assertEquals(warnings, source.load().warnings());
    }

    @Test
    void aScriptReplacedByRenameIsAReloadWithAnotherVersion() throws IOException {
        php(directory, "hello.php");
        php(directory, "wiki/index.php");
        start();
        for (String name : new String[] {"hello", "wiki"}) {
            String version = functions.current().get(name).version();
            long reloads = functions.status().reloads();
            write(directory.resolve(name.equals("wiki") ? "wiki/index.php" : "hello.php"), "<?php echo 'other';");

            eventually(() -> assertEquals(reloads + 1, functions.status().reloads()));
            assertTrue(!version.equals(functions.current().get(name).version()));
        }
    }
}
