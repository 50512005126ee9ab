package dev.relais.functions;

import dev.relais.ConfigurationProblem;
import dev.relais.sites.Application;
import dev.relais.sites.DenyList;
import dev.relais.sites.Glob;
import dev.relais.sites.PathRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Loads the functions as they are now: it brings the mirror up to date if there is one, scans the directory, and reads
 * {@code functions.yaml}. It remembers what a later load needs, which is the traces of this load and the last good settings.
 * Confined to the thread that starts the functions and then to the one that loads; that is the watch thread, or with
 * generations the thread that switches.
 */
final class FunctionSource {
    /**
     * The result of one load.
     *
     * @param settingsProblem what is wrong with {@code functions.yaml}, in which case the registry has the last good settings;
     *     null when nothing is wrong
     */
    record Loaded(
            FunctionRegistry registry,
            Set<String> warnings,
            @Nullable String settingsProblem) {}

    private final Path directory;
    private final List<Path> allowed;
    private final int most;
    private final FunctionSettings defaults;
    private final int reservable;
    private final Clock clock;
    private final @Nullable Mirror mirror;
    private final SiteFolders sites;
    private final PoolNeeds pools;

    private @Nullable Traces traces;
    private @Nullable Settings good; // the last settings that could be honoured; null before the first
    private @Nullable Settings searched; // the last settings whose entries without effect were looked for
    private Warnings idle = new Warnings();

    /**
     * The settings that {@code functions.yaml} gives now.
     *
     * @param settings the last good settings when there is a problem
     * @param problem null when the file could be read, or is not there
     */
    private record Read(Settings settings, @Nullable String problem) {}

    /**
     * @param copyTo where to keep the mirror that is then served; null to serve the directory itself
     * @param reservable how many children functions may reserve in all
     * @param php what PHP and its user can do
     */
    FunctionSource(FunctionsConfig config, @Nullable Path copyTo, int reservable, PhpAccess php, Clock clock)
            throws IOException {
        this.directory = config.directory().toAbsolutePath();
        this.allowed = config.allowSymlinksTo().orElse(List.of());
        this.most = config.maxCount();
        this.defaults = FunctionSettings.defaults(config.timeout().toMillis());
        this.reservable = reservable;
        this.clock = clock;
        this.sites = new SiteFolders(shown(), php);
        this.pools = new PoolNeeds(shown(), php);
        this.mirror = copyTo == null ? null : new Mirror(directory, copyTo, allowed, clock);
    }

    /** The directory that PHP reads. */
    Path served() {
        return mirror == null ? directory : mirror.target();
    }

    /**
     * Loads like {@link #load}, but only when something looks different.
     *
     * @return null when nothing does
     */
    @Nullable
    Loaded loadIfChanged() throws IOException {
        Warnings warnings = new Warnings();
        boolean copied = mirror != null && mirror.update(warnings);
        return !copied && traces != null && !traces.differ() ? null : scan(warnings);
    }

    /** Whether the last load was so long after the last change that what looks different now has changed since. */
    boolean isSettled() {
        return traces != null && !traces.isRacy();
    }

    /**
     * Scans whether or not anything looks different.
     *
     * @throws IOException when the load failed; what was loaded before stays valid, and the next call scans again
     * @throws ConfigurationProblem when {@code functions.yaml} is wrong and there are no good settings from before
     */
    Loaded load() throws IOException {
        Warnings warnings = new Warnings();
        if (mirror != null) {
            mirror.update(warnings);
        }
        return scan(warnings);
    }

    private Loaded scan(Warnings warnings) throws IOException {
        traces = null;
        Traces fresh = new Traces(clock.instant());
        DirectoryScan scan = newScan(fresh, warnings);
        Read read = readSettings(fresh, warnings);
        Map<String, DirectoryScan.Script> scripts = scan.run(read.settings());
        SettingsCheck check = new SettingsCheck(shown(), scan.root(), read.settings(), scripts);
        ConfigurationProblem unmet = read.problem() == null ? check.unmet() : null;
        if (unmet == null && read.problem() == null) {
            unmet = pools.unmet(read.settings(), served());
        }
        if (unmet == null && read.problem() == null) {
            unmet = sites.unmet(read.settings(), fresh);
        }
        // The file is read again, so that no script is published with settings that are older than the script.
        if (!readSettings(fresh, warnings).equals(read)) {
            return load();
        }
        Read kept = unmet == null ? read : keepSettings(unmet);
        Settings settings = kept.settings();
        if (!settings.equals(read.settings())) {
            scripts = newScan(fresh, warnings).run(settings);
        }
        good = settings;
        warnOfOtherSpelling(warnings);
        if (kept.problem() == null) {
            warnOfNames(settings, scripts, warnings);
            warnings.addAll(idleEntries(settings, check));
        }
        List<PhpFunction> all = functions(scan.root().toString(), settings, scripts);
        all.addAll(sites.load(settings, fresh, warnings));
        FunctionRegistry registry = FunctionRegistry.of(all, settings.pools(all));
        traces = fresh;
        return new Loaded(registry, warnings.lines(), kept.problem());
    }

    private DirectoryScan newScan(Traces fresh, Warnings warnings) throws IOException {
        return mirror == null
                ? new DirectoryScan(directory, allowed, most, fresh, warnings)
                : new DirectoryScan(mirror.target(), List.of(), most, fresh, warnings);
    }

    private String shown() {
        return directory.resolve(SettingsFile.NAME).toString();
    }

    /**
     * Reads the settings from the directory itself and not from the mirror, where a file that could not be copied would seem
     * not to exist.
     */
    private Read readSettings(Traces fresh, Warnings warnings) throws IOException {
        Path root = directory.toRealPath();
        Path file = root.resolve(SettingsFile.NAME);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return new Read(new Settings(defaults, Map.of()), null);
        }
        try {
            Path real = fresh.follow(file);
            if (real == null || !new LinkRule(root, allowed, fresh, warnings).admits(real)) {
                throw new ConfigurationProblem(
                        shown(),
                        real == null ? "(symlink)" : real,
                        "leads nowhere or out of the functions directory",
                        "put the file itself there or set relais.functions.allow-symlinks-to");
            }
            fresh.stamp(real);
            Settings settings = SettingsFile.read(real, shown(), defaults, reservable);
            PoolNeeds.record(settings, fresh);
            return new Read(settings, null);
        } catch (IOException e) {
            return keepSettings(new ConfigurationProblem(
                    shown(), "(content)", "cannot be read (" + e + ")", "let this user read it"));
        } catch (ConfigurationProblem e) {
            Read kept = keepSettings(e);
            PoolNeeds.record(kept.settings(), fresh); // the mistake may be in one of their files
            return kept;
        }
    }

    private Read keepSettings(ConfigurationProblem problem) {
        if (good == null) {
            throw problem;
        }
        return new Read(good, problem.getMessage());
    }

    private Warnings idleEntries(Settings settings, SettingsCheck check) {
        if (!settings.equals(searched)) {
            idle = new Warnings();
            check.warnOfIdleEntries(idle);
            searched = settings;
        }
        return idle;
    }

    /**
     * Warns of a file whose name is nearly that of the settings file, since without this warning nobody would see why its
     * settings have no effect.
     */
    private void warnOfOtherSpelling(Warnings warnings) throws IOException {
        for (Path entry : DirectoryScan.list(directory)) {
            if (SettingsFile.isMisspelt(entry.getFileName().toString())) {
                warnings.add("functions:", entry, "not read, the settings' file is called " + SettingsFile.NAME);
            }
        }
    }

    private void warnOfNames(Settings settings, Map<String, DirectoryScan.Script> scripts, Warnings warnings) {
        Set<String> unknown = new TreeSet<>(settings.named().keySet());
        unknown.removeAll(scripts.keySet());
        for (String name : unknown) {
            warnings.add("functions.yaml:", name, "there is no such function");
        }
        for (String name : settings.idlePools()) {
            warnings.add(
                    "functions.yaml: pools", name, "no function and no site names it, so nothing is started for it");
        }
    }

    /**
     * The functions that these scripts are. A resident one whose script leads out of its folder is left out.
     *
     * @param root the real path of the directory
     */
    static List<PhpFunction> functions(String root, Settings settings, Map<String, DirectoryScan.Script> scripts) {
        List<PhpFunction> functions = new ArrayList<>(scripts.size());
        scripts.forEach((name, script) -> {
            if (settings.of(name).resident() != null && script.resident() == null) {
                return;
            }
            Application application = application(name, script, settings.of(name));
            functions.add(new PhpFunction(
                    name,
                    script.real().toString(),
                    application == null ? root : application.documentRoot(),
                    "/api/" + name + (script.folder() ? "/" + FunctionNames.INDEX : ""),
                    script.folder(),
                    script.version(),
                    application,
                    settings.of(name),
                    script.resident()));
        });
        return functions;
    }

    private static @Nullable Application application(String name, DirectoryScan.Script script, FunctionSettings own) {
        Path root = script.root();
        DenyList deny = withWorker(own);
        return own.application() && root != null
                ? new Application("/api/" + name, root, List.of(), script.links(), PathRules.of(deny), null, Map.of())
                : null;
    }

    /** What is not served, and the script that boots a resident application, unless it is the front controller itself. */
    private static DenyList withWorker(FunctionSettings own) {
        ResidentSettings resident = own.resident();
        String script = resident == null ? null : resident.script();
        Glob glob = script == null || script.equals(FunctionNames.INDEX) ? null : Glob.parse(script);
        return glob == null ? own.deny() : own.deny().and(new DenyList(List.of(glob)));
    }
}
