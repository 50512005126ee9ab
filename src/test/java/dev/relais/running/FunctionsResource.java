package dev.relais.running;

import dev.relais.testing.Certificate;
import dev.relais.testing.TestFunctions;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/** Gives the gateway under test a TLS port and a copy of the functions in {@code src/test/php}. */
public class FunctionsResource implements QuarkusTestResourceLifecycleManager {
    private TestFunctions functions;

    @Override
    public Map<String, String> start() {
        try {
            functions = TestFunctions.all();
            prepare(functions);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String files = functions.directory().resolve("_files").toString();
        Map<String, String> settings = new HashMap<>(Certificate.settings());
        settings.put("relais.functions.directory", functions.directory().toString());
        settings.put("relais.http.sendfile-directories", files);
        settings.put("relais.http.accel-redirects.\"/protected/\"", files);
        return settings;
    }

    /** Changes them before the gateway starts. */
    void prepare(TestFunctions functions) throws IOException {}

    @Override
    public void stop() {
        try {
            functions.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
