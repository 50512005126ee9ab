package dev.relais.functions;

import dev.relais.ConfigurationProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sites and pools that {@code functions.yaml} has before the functions are loaded: what PHP is told of the sites it has to be told when it starts,
 * which is at the same time.
 */
public final class SitePreview {
    private SitePreview() {}

    /** A registry of the sites, the resident functions and the pools; empty when they cannot be read, which the load then says. Blocks. */
    public static FunctionRegistry of(FunctionsConfig config) {
        Path file = config.directory().toAbsolutePath().resolve(SettingsFile.NAME);
        Settings settings = Files.isRegularFile(file) ? read(file) : null;
        if (settings == null) {
            return FunctionRegistry.empty();
        }
        List<PhpFunction> all = residents(config, settings);
        all.addAll(new SiteFolders(file.toString(), folder -> true)
                .load(settings, new Traces(Instant.EPOCH), new Warnings()));
        return FunctionRegistry.of(all, settings.pools(all));
    }

    /** None when the directory cannot be read, which the load then says. */
    private static List<PhpFunction> residents(FunctionsConfig config, Settings settings) {
        List<PhpFunction> found = new ArrayList<>();
        if (settings.named().values().stream().anyMatch(function -> function.resident() != null)) {
            try {
                DirectoryScan scan = new DirectoryScan(
                        config.directory().toAbsolutePath(),
                        config.allowSymlinksTo().orElse(List.of()),
                        config.maxCount(),
                        new Traces(Instant.EPOCH),
                        new Warnings());
                found = FunctionSource.functions(scan.root().toString(), settings, scan.run(settings));
                found.removeIf(function -> function.resident() == null);
            } catch (IOException e) {
                return new ArrayList<>();
            }
        }
        return found;
    }

    /** The pools that functions and sites name or have, by their names; none when they cannot be read. Blocks. */
    public static Map<String, PoolSettings> pools(FunctionsConfig config) {
        return of(config).pools();
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
