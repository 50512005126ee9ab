package dev.relais.running;

import dev.relais.testing.TestFunctions;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** Gives the gateway under test a copy of the functions in {@code src/test/php}. */
public class FunctionsResource implements QuarkusTestResourceLifecycleManager {
    private TestFunctions functions;

    @Override
    public Map<String, String> start() {
        try {
            functions = TestFunctions.all();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of("relais.functions.directory", functions.directory().toString());
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
