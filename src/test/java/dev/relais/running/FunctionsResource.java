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
        String files = functions.directory().resolve("_files").toString();
        return Map.of(
                "relais.functions.directory", functions.directory().toString(),
                "relais.http.sendfile-directories", files,
                "relais.http.accel-redirects.\"/protected/\"", files);
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
