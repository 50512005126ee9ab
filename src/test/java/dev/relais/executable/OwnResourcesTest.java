package dev.relais.executable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Relais' own files of the class path, such as those of the console. An executable finds those that
 * {@code quarkus.native.resources.includes} names, and no others; {@code ExecutableIT} compares this with what the builder has put in.
 */
class OwnResourcesTest {
    private static final Path RESOURCES = Path.of("src/main/resources");
    private static final String KEY = "quarkus.native.resources.includes";

    @Test
    void eachIsInTheExecutable() throws IOException {
        Set<String> missing = OwnResources.all();
        assertFalse(missing.isEmpty());
        missing.removeIf(name -> globs().stream().anyMatch(glob -> matches(glob, name)));
        assertEquals(Set.of(), missing, "add them to " + KEY);
    }

    @Test
    void eachPatternHasAFile() throws IOException {
        Set<String> unused = new TreeSet<>(globs());
        for (String name : OwnResources.all()) {
            unused.removeIf(glob -> matches(glob, name));
        }
        assertEquals(Set.of(), unused, "take them out of " + KEY);
    }

    private static boolean matches(String glob, String name) {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
        return matcher.matches(Path.of(name));
    }

    private static List<String> globs() {
        Properties properties = new Properties();
        try (Reader file = Files.newBufferedReader(RESOURCES.resolve("application.properties"))) {
            properties.load(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return Stream.of(properties.getProperty(KEY).split(",")).toList();
    }
}
