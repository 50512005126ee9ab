package dev.relais.running;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** As the usual one, with an access log in JSON, and a key for debugging. */
public class AccessLogProfile extends RunningProfile {
    static final String DEBUG_KEY = "a key that only this test knows";

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
        settings.put("relais.access-log.format", "json");
        settings.put("relais.access-log.file", file().toString());
        settings.put("relais.debug.key", DEBUG_KEY);
        return settings;
    }

    private static Path file() {
        try {
            Path file = Files.createTempFile("relais-access-", ".log");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
