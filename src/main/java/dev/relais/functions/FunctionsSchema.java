package dev.relais.functions;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The JSON schema of {@code functions.yaml}, draft 7, by which an editor completes and checks the file while it is written. It knows the
 * form of each value. What takes more than one value to judge, except for {@code deny}, or a look at the directory, only the gateway knows.
 */
public final class FunctionsSchema {
    private static final String NAME = "functions.schema.json";

    private FunctionsSchema() {}

    /** The whole schema. Reads it from the class path at each call. */
    public static String text() {
        try (InputStream in = Objects.requireNonNull(FunctionsSchema.class.getResourceAsStream(NAME), NAME)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
