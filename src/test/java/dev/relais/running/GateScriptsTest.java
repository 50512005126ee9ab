package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A script that waits for a test ends when the test's folder is gone: else a test that fails keeps a child from all that follow. */
class GateScriptsTest {
    @Test
    void noScriptWaitsForATestThatHasEnded() throws IOException {
        List<String> endless = new ArrayList<>();
        try (var scripts = Files.walk(Path.of("src/test/php"))) {
            for (Path script :
                    scripts.filter(file -> file.toString().endsWith(".php")).toList()) {
                for (String line : Files.readAllLines(script)) {
                    if (line.contains("while (") && line.contains("!file_exists(") && !line.contains("is_dir(")) {
                        endless.add(script + ": " + line.strip());
                    }
                }
            }
        }
        assertEquals(List.of(), endless);
    }
}
