package dev.relais.functions;

import dev.relais.ConfigurationProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sites and pools that {@code functions.yaml} has before the functions are loaded: what PHP is told of the sites it has to be told when it starts,
 * which is at the same time.
 */
public final class SitePreview {
    private SitePreview() {}

    /** A registry of the sites and the pools alone; empty when they cannot be read, which the load then says. Blocks. */
    public static FunctionRegistry of(FunctionsConfig config) {
        Path file = config.directory().toAbsolutePath().resolve(SettingsFile.NAME);
        Settings settings = Files.isRegularFile(file) ? read(file) : null;
        return settings == null
                ? FunctionRegistry.empty()
                : FunctionRegistry.of(
                        new SiteFolders(file.toString(), folder -> true)
                                .load(settings, new Traces(Instant.EPOCH), new Warnings()),
                        settings.pools());
    }

    /** The pools that functions and sites name or have, by their names; none when they cannot be read. Blocks. */
    public static Map<String, PoolSettings> pools(FunctionsConfig config) {
        Path file = config.directory().toAbsolutePath().resolve(SettingsFile.NAME);
        Settings settings = Files.isRegularFile(file) ? read(file) : null;
        return settings == null ? Map.of() : settings.pools();
    }

    private static @Nullable Settings read(Path file) {
        try {
            FunctionSettings defaults = FunctionSettings.defaults(1);
            return SettingsFile.read(file.toRealPath(), file.toString(), defaults, Integer.MAX_VALUE);
        } catch (IOException | ConfigurationProblem e) {
            return null;
        }
    }
}
