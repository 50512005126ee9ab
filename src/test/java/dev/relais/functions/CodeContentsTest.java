package dev.relais.functions;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Versions are of the contents of the code, and of nothing else. */
class CodeContentsTest {
    private static final FunctionsConfig CONFIG = new SmallRyeConfigBuilder()
            .withMapping(FunctionsConfig.class)
            .withConverter(Duration.class, 100, new DurationConverter())
            .build()
            .getConfigMapping(FunctionsConfig.class);

    @TempDir
    Path first;

    @TempDir
    Path second;

    private final Queue<String> changed = new ConcurrentLinkedQueue<>();

    private static void write(Path folder, String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static PhpFunction function(Path folder, String name, String script, boolean isFolder, CacheSettings cache)
            throws IOException {
        String root = folder.toRealPath().toString();
        return new PhpFunction(
                name,
                root + "/" + script,
                root,
                "/api/" + name,
                isFolder,
                "1",
                null,
                FunctionSettings.defaults(1000).toBuilder().cache(cache).build());
    }

    private static CacheSettings madeOf(String... files) {
        return new CacheSettings(false, -1, -1, -1, -1, -1, null, false, List.of(), null, List.of(files));
    }

    private CodeContents start(Path folder, PhpFunction... functions) {
        CodeContents contents = new CodeContents(CONFIG);
        contents.onChanged(changed::add);
        FunctionRegistry registry = FunctionRegistry.of(List.of(functions));
        contents.start(folder, () -> registry);
        await().until(() -> contents.version(functions[0]) != null);
        return contents;
    }

    private static String version(CodeContents contents, PhpFunction function) {
        return await().until(() -> contents.version(function), version -> version != null);
    }

    @Test
    void theSameContentsHaveTheSameVersionWhereverTheyAre() throws IOException {
        for (Path folder : List.of(first, second)) {
            write(folder, "a.php", "<?php echo 1;");
            write(folder, "lib/b.php", "<?php echo 2;");
            write(folder, "functions.yaml", "functions: {}");
        }
        Files.setLastModifiedTime(second.resolve("a.php"), FileTime.fromMillis(0));
        write(second, "data.txt", "no code");
        PhpFunction one = function(first, "a", "a.php", false, CacheSettings.BY_PHP);
        PhpFunction other = function(second, "a", "a.php", false, CacheSettings.BY_PHP);
        assertEquals(version(start(first, one), one), version(start(second, other), other));
    }

    @Test
    void aChangeOfAnyScriptMakesAnotherVersionAndIsUnknownUntilItIsRead() throws IOException {
        write(first, "a.php", "<?php echo 1;");
        write(first, "lib/b.php", "<?php echo 2;");
        PhpFunction function = function(first, "a", "a.php", false, CacheSettings.BY_PHP);
        CodeContents contents = start(first, function);
        String before = version(contents, function);
        long epoch = contents.epoch();
        Path script = first.resolve("lib/b.php").toRealPath();
        FileTime time = Files.getLastModifiedTime(script);
        Files.writeString(script, "<?php echo 3;");
        Files.setLastModifiedTime(script, time); // and of the same length: only the watch knows
        changed.clear();
        contents.tell(new CodeChange(Set.of(script.toString()), Set.of(), false));
        assertNotEquals(epoch, contents.epoch());
        assertNotEquals(before, version(contents, function));
        assertTrue(changed.contains("a"));
        Files.writeString(script, "<?php echo 2;");
        changed.clear();
        contents.tell(new CodeChange(Set.of(script.toString()), Set.of(), false));
        assertEquals(before, version(contents, function));
        assertTrue(changed.contains("a"), "what is kept of the code between is not forgotten");
    }

    @Test
    void whatIsNoCodeChangesNothing() throws IOException {
        write(first, "a.php", "<?php echo 1;");
        PhpFunction function = function(first, "a", "a.php", false, CacheSettings.BY_PHP);
        CodeContents contents = start(first, function);
        long epoch = contents.epoch();
        contents.tell(new CodeChange(Set.of(first + "/data.txt"), Set.of(first + "/x.log"), false));
        assertEquals(epoch, contents.epoch());
    }

    @Test
    void aFunctionMayNameWhatItIsMadeOf() throws IOException {
        write(first, "a.php", "<?php echo 1;");
        write(first, "lib/b.php", "<?php echo 2;");
        write(first, "other.php", "<?php echo 3;");
        PhpFunction named = function(first, "a", "a.php", false, madeOf("a.php", "lib/"));
        PhpFunction all = function(first, "other", "other.php", false, CacheSettings.BY_PHP);
        CodeContents contents = start(first, named, all);
        String before = version(contents, named);
        String whole = version(contents, all);
        changed.clear();
        write(first, "other.php", "<?php echo 4;");
        String other = first.resolve("other.php").toRealPath().toString();
        contents.tell(new CodeChange(Set.of(other), Set.of(), false));
        assertEquals(before, version(contents, named));
        assertNotEquals(whole, version(contents, all));
        assertEquals(List.of("other"), List.copyOf(changed));
        write(first, "lib/b.php", "<?php echo 5;");
        String library = first.resolve("lib/b.php").toRealPath().toString();
        contents.tell(new CodeChange(Set.of(library), Set.of(), false));
        assertNotEquals(before, version(contents, named));
    }

    @Test
    void whereALinkLeadsIsAPartOfTheCode() throws IOException {
        write(first, "v1/x.php", "<?php echo 1;");
        write(first, "v2/x.php", "<?php echo 2;");
        Files.createSymbolicLink(first.resolve("now"), Path.of("v1"));
        PhpFunction function = function(first, "a", "v1/x.php", false, CacheSettings.BY_PHP);
        String before = version(start(first, function), function);
        Files.delete(first.resolve("now"));
        Files.createSymbolicLink(first.resolve("now"), Path.of("v2"));
        assertNotEquals(before, version(start(first, function), function));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "header('cache-CONTROL: max-age=1'); | true",
                "header('Cache-Control: ' . $_GET['x']); | true",
                "header(\"Relais-Cache-Control: $x\"); | true",
                "$response->setSharedMaxAge(60); | true",
                "header('Expires: ' . gmdate(DATE_RFC7231, time() + 60)); | true",
                "header('Cache-Control: no-store, max-age=0'); | false",
                "['Cache-Control' => 'no-cache, private'] | false",
                "header('Cache-Control:private'); | false",
                "header('Expires: 0'); | false",
                "echo 1; | false",
            })
    void aScriptMaySayThatItAsksForItsAnswersToBeKept(String code, boolean asks) throws IOException {
        write(first, "a.php", "<?php " + code);
        write(first, "b.php", "<?php echo 1;");
        write(first, "c/index.php", "<?php require 'lib.php';");
        write(first, "c/lib.php", "<?php " + code);
        PhpFunction a = function(first, "a", "a.php", false, CacheSettings.BY_PHP);
        PhpFunction b = function(first, "b", "b.php", false, CacheSettings.BY_PHP);
        PhpFunction c = function(first, "c", "c/index.php", true, CacheSettings.BY_PHP);
        CodeContents contents = start(first, a, b, c);
        assertEquals(asks, contents.mentionsCaching(a));
        assertFalse(contents.mentionsCaching(b));
        assertEquals(asks, contents.mentionsCaching(c));
    }

    @Test
    void nothingIsKnownBeforeItIsRead() throws IOException {
        PhpFunction function = function(first, "a", "a.php", false, CacheSettings.BY_PHP);
        assertNull(new CodeContents(CONFIG).version(function));
    }
}
