package dev.relais.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The defaults that src/docs/functions-yaml.md shows are those that a function has. */
class DocumentedDefaultsTest {
    /** A key and the value that it has when it is not set. Other defaults are described in words, or are a key of the gateway. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| `([a-z0-9]+)` \\|");

    private static final FunctionSettings DEFAULTS = FunctionSettings.defaults(60_000);

    @TempDir
    Path directory;

    @Test
    void whoWritesThemDownChangesNothing() throws Exception {
        Matcher row = ROW.matcher(Files.readString(Path.of("src/docs/functions-yaml.md")));
        int found = 0;
        while (row.find()) {
            Path file = Files.writeString(
                    directory.resolve("functions.yaml"),
                    "functions: {f: {" + row.group(1) + ": " + row.group(2) + "}}");
            FunctionSettings written =
                    SettingsFile.read(file, file.toString(), DEFAULTS, 7).of("f");
            assertEquals(DEFAULTS, written, row.group());
            found++;
        }
        assertTrue(found >= 5, "only " + found);
    }
}
