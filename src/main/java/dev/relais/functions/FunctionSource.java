package dev.relais.functions;

import dev.relais.ConfigurationProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Loads the functions as they are now: brings the mirror up to date if there is one, scans, reads {@code functions.yaml}.
 * Remembers what a later load needs: the traces of this one, and the last good settings. Confined to the thread that starts the
 * functions and then to the one that loads: the watch thread, with generations the one that switches.
 */
final class FunctionSource {
    /**
     * What one load gave.
     *
     * @param settingsProblem what is wrong with {@code functions.yaml}, so that the last good settings are in it; null if nothing
     */
    record Loaded(FunctionRegistry registry, Set<String> warnings, String settingsProblem) {}

    private final Path directory;
    private final List<Path> allowed;
    private final int most;
    private final FunctionSettings defaults;
    private final int reservable;
    private final Clock clock;
    private final Mirror mirror;

    private Traces traces;
    private Settings settings;

    /**
     * @param copyTo where to keep the mirror that is served; null to serve the directory itself
     * @param reservable how many children functions may reserve in all
     */
    FunctionSource(FunctionsConfig config, Path copyTo, int reservable, Clock clock) throws IOException {
        this.directory = config.directory().toAbsolutePath();
        this.allowed = config.allowSymlinksTo().orElse(List.of());
        this.most = config.maxCount();
        this.defaults = FunctionSettings.defaults(config.timeout().toMillis());
        this.reservable = reservable;
        this.clock = clock;
        this.mirror = copyTo == null ? null : new Mirror(directory, copyTo, allowed, clock);
    }

    /** The directory that PHP reads. */
    Path served() {
        return mirror == null ? directory : mirror.target();
    }

    /**
     * @param always whether to scan even when nothing looks different
     * @return null when nothing changed
     * @throws IOException when the load broke off: what was loaded before stays the truth, and the next call scans again
     * @throws ConfigurationProblem when {@code functions.yaml} is wrong and there are no good settings from before
     */
    Loaded load(boolean always) throws IOException {
        Warnings warnings = new Warnings();
        boolean copied = mirror != null && mirror.update(warnings);
        if (!always && !copied && traces != null && !traces.differ()) {
            return null;
        }
        traces = null;
        Traces fresh = new Traces(clock.instant());
        DirectoryScan scan = mirror == null
                ? new DirectoryScan(directory, allowed, most, fresh, warnings)
                : new DirectoryScan(mirror.target(), List.of(), most, fresh, warnings);
        readSettings(scan, fresh);
        Settings before = settings;
        Map<String, DirectoryScan.Script> scripts = scan.run(before);
        // Read again, so that no script is published with settings older than itself.
        String problem = readSettings(scan, fresh);
        if (!settings.equals(before)) {
            return load(true);
        }
        FunctionRegistry registry = registry(scan.root().toString(), scripts, warnings, problem == null);
        traces = fresh;
        return new Loaded(registry, warnings.lines(), problem);
    }

    /** @return what is wrong, the last good settings being kept; null when they are read (or there is no file) */
    private String readSettings(DirectoryScan scan, Traces fresh) throws IOException {
        Path file = scan.root().resolve(SettingsFile.NAME);
        String shown = directory.resolve(SettingsFile.NAME).toString();
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            settings = new Settings(defaults, Map.of());
            return null;
        }
        try {
            Path real = fresh.follow(file);
            if (real == null || !scan.rule().admits(real)) {
                throw new ConfigurationProblem(
                        shown,
                        real == null ? "(symlink)" : real,
                        "leads nowhere or out of the functions directory",
                        "put the file itself there or set relais.functions.allow-symlinks-to");
            }
            fresh.stamp(real);
            settings = SettingsFile.read(real, shown, defaults, reservable);
            return null;
        } catch (IOException e) {
            ConfigurationProblem unreadable =
                    new ConfigurationProblem(shown, "(content)", "cannot be read (" + e + ")", "let this user read it");
            return keepSettings(unreadable);
        } catch (ConfigurationProblem e) {
            return keepSettings(e);
        }
    }

    private String keepSettings(ConfigurationProblem problem) {
        if (settings == null) {
            throw problem;
        }
        return problem.getMessage();
    }

    private FunctionRegistry registry(
            String root, Map<String, DirectoryScan.Script> scripts, Warnings warnings, boolean settingsAreNew) {
        List<PhpFunction> functions = new ArrayList<>(scripts.size());
        scripts.forEach((name, script) -> functions.add(new PhpFunction(
                name,
                script.real().toString(),
                root,
                "/api/" + name + (script.folder() ? "/" + FunctionNames.INDEX : ""),
                script.folder(),
                application(name, script, warnings),
                settings.of(name))));
        if (settingsAreNew) {
            Set<String> unknown = new HashSet<>(settings.named().keySet());
            unknown.removeAll(scripts.keySet());
            unknown.stream()
                    .sorted()
                    .forEach(name -> warnings.add("functions.yaml:", name, "there is no such function"));
        }
        return FunctionRegistry.of(functions);
    }

    private Application application(String name, DirectoryScan.Script script, Warnings warnings) {
        FunctionSettings own = settings.of(name);
        if (own.application() && !script.folder()) {
            warnings.add("functions.yaml:", name, "is a file, and application is for folders");
        }
        return own.application() && script.folder() ? new Application(script.root(), script.links(), own.deny()) : null;
    }
}
