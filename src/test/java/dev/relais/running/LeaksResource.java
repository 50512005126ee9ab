package dev.relais.running;

import dev.relais.testing.Certificate;
import dev.relais.testing.TestFunctions;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Gives the gateway under test a function that stays in the memory of one process and leaks in many ways, and one that must not. */
public class LeaksResource implements QuarkusTestResourceLifecycleManager {
    private TestFunctions functions;

    @Override
    public Map<String, String> start() {
        try {
            functions = TestFunctions.empty();
            for (String script : new String[] {"index.php", "kept.php", "kinds.php", "late.php"}) {
                String text = Files.readString(Path.of("src/test/applications/leaks", script));
                functions.put("leaks/" + script, text);
                functions.put("strict/" + script, text);
            }
            functions.put("functions.yaml", """
                    functions:
                      leaks:
                        resident: {script: index.php, children: 1}
                      strict:
                        resident: {script: index.php, children: 1, strict: true}
                    """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> settings = new HashMap<>(Certificate.settings());
        settings.put("relais.functions.directory", functions.directory().toString());
        return settings;
    }

    @Override
    public void stop() {
        try {
            functions.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
