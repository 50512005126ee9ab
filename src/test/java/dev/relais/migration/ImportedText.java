package dev.relais.migration;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** What the mode import prints, for tests in other rooms. */
public final class ImportedText {
    private ImportedText() {}

    /** @return the whole YAML, with its comments */
    public static String ofNginx(Path file) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImportMode.run(List.of("nginx", file.toString()), new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }
}
