package dev.relais.functions;

import dev.relais.ConfigurationProblem;
import dev.relais.sites.Alias;
import dev.relais.sites.Application;
import dev.relais.sites.Fallback;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The folders of the sites, which lie outside the functions directory. Their real paths are taken anew at each load, and recorded in its
 * traces, so that a link that a release switches is a change. Confined as {@link FunctionSource}.
 */
final class SiteFolders {
    /** What one site needs of the disk. */
    private record Found(Path root, List<Alias> aliases, List<Path> links) {}

    private final String shown;
    private final PhpAccess php;
    private Map<String, Found> good = Map.of();

    /**
     * @param shown the path of {@code functions.yaml} as messages name it
     * @param php what PHP and its user can do
     */
    SiteFolders(String shown, PhpAccess php) {
        this.shown = shown;
        this.php = php;
    }

    /** The first site whose folder cannot be served; null when all can. Blocks. */
    @Nullable
    ConfigurationProblem unmet(Settings settings, Traces traces) {
        Map<Path, Map.Entry<String, SiteSettings>> roots = new HashMap<>();
        for (Map.Entry<String, SiteSettings> one : new TreeMap<>(settings.sites()).entrySet()) {
            Path root = one.getValue().root();
            if (root != null) {
                Path real = traces.follow(root);
                String problem = real == null
                        ? "no such folder"
                        : !Files.isDirectory(real)
                                ? "not a folder"
                                : !Files.isReadable(real)
                                                || !reads(
                                                        one.getValue()
                                                                .settings()
                                                                .pool(),
                                                        real)
                                        ? "the user that PHP runs as cannot read it"
                                        : problem(real);
                if (problem != null) {
                    return new ConfigurationProblem(
                            shown + ": sites." + one.getKey() + ".root",
                            root,
                            problem,
                            real == null ? "create it, or correct the path" : "name a folder that PHP's user can read");
                }
                Map.Entry<String, SiteSettings> other = roots.putIfAbsent(real, one);
                if (other != null
                        && samePool(one.getValue(), other.getValue())
                        && !other.getValue()
                                .site()
                                .php()
                                .equals(one.getValue().site().php())) {
                    return new ConfigurationProblem(
                            shown + ": sites." + one.getKey() + ".php",
                            one.getValue().site().php(),
                            "the site " + other.getKey()
                                    + " has the same root and other settings, and PHP has them by folder",
                            "give both the same, or let them have folders of their own");
                }
            }
        }
        return null;
    }

    private boolean reads(@Nullable PoolSettings pool, Path folder) {
        return pool == null ? php.reads(folder) : php.reads(pool, folder);
    }

    private static boolean samePool(SiteSettings one, SiteSettings other) {
        return Objects.equals(one.settings().pool(), other.settings().pool());
    }

    /** PHP's settings are by folders in an ini file, in which these characters mean something. */
    private static @Nullable String problem(Path real) {
        return real.toString().matches(".*[\"';\\[\\]].*")
                ? "has a character in its path (\" ' ; [ ]) that settings of PHP cannot name"
                : FunctionNames.problem(real.toString());
    }

    /**
     * The sites as what they are served as. A site whose folder has gone since the settings were good keeps the path that it had.
     *
     * @param traces records where the folders lead
     */
    List<PhpFunction> load(Settings settings, Traces traces, Warnings warnings) {
        Map<String, Found> found = new HashMap<>();
        List<PhpFunction> sites = new ArrayList<>();
        new TreeMap<>(settings.sites()).forEach((name, site) -> {
            Path root = site.root() == null ? Application.NOWHERE : traces.follow(site.root());
            Found folders = root == null
                    ? good.get(name)
                    : new Found(root, aliases(name, site, traces, warnings), links(site, traces, warnings));
            if (folders == null) {
                warnings.add("functions.yaml: sites", name, "left out, its root is not there");
                return;
            }
            found.put(name, folders);
            sites.add(function(name, site, folders));
            warnOfFallbacks(name, site, folders.root(), warnings);
        });
        good = found;
        return sites;
    }

    /** The longest prefix first. One whose folder is not there has nothing at its paths. */
    private static List<Alias> aliases(String name, SiteSettings site, Traces traces, Warnings warnings) {
        List<Alias> aliases = new ArrayList<>();
        site.aliases().forEach((prefix, folder) -> {
            Path real = traces.follow(folder);
            if (real == null) {
                warnings.add(
                        "functions.yaml: sites", name, "paths: there is no folder " + FunctionNames.printable(folder));
            }
            aliases.add(new Alias(prefix, real == null ? Application.NOWHERE : real));
        });
        aliases.sort(Comparator.comparingInt((Alias alias) -> -alias.prefix().length())
                .thenComparing(Alias::prefix));
        return aliases;
    }

    private static List<Path> links(SiteSettings site, Traces traces, Warnings warnings) {
        List<Path> links = new ArrayList<>();
        for (Path link : site.settings().allowSymlinksTo()) {
            Path real = traces.follow(link);
            if (real == null) {
                warnings.add("functions.yaml: allow-symlinks-to", link, "no such folder, so no symlink may lead there");
            } else {
                links.add(real);
            }
        }
        return links;
    }

    private static PhpFunction function(String name, SiteSettings site, Found found) {
        Application application = new Application(
                site.mount(),
                found.root(),
                found.aliases(),
                found.links(),
                site.rules(),
                site.site(),
                site.variables());
        Fallback fallback = site.rules().all().fallbackOrDefault();
        String script = fallback.isScript() ? String.valueOf(fallback.path()) : "/" + FunctionNames.INDEX;
        return new PhpFunction(
                FunctionNames.SITE + name,
                found.root() + script,
                application.documentRoot(),
                site.mount() + script,
                true,
                found.root().toString(),
                application,
                site.settings());
    }

    private static void warnOfFallbacks(String name, SiteSettings site, Path root, Warnings warnings) {
        Fallback fallback = site.rules().all().fallback();
        String path = fallback == null ? null : fallback.path();
        if (path != null && site.root() != null && !Files.isRegularFile(root.resolve(path.substring(1)))) {
            warnings.add("functions.yaml: sites", name, "fallback: there is no " + FunctionNames.printable(path));
        }
    }
}
