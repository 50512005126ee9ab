package dev.relais.functions;

import com.google.re2j.Pattern;
import dev.relais.sites.DenyList;
import dev.relais.sites.Fallback;
import dev.relais.sites.Glob;
import dev.relais.sites.PathRules;
import dev.relais.sites.PathSettings;
import dev.relais.sites.Rule;
import dev.relais.sites.Site;
import dev.relais.sites.Template;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads one site of {@code functions.yaml}. Serves for one site, on one thread. */
final class SiteKeys {
    private static final List<String> OWN =
            List.of("hosts", "mount", "root", "functions", "https", "deny", "rules", "paths", "variables", "php");
    private static final List<String> OF_RULES = List.of("match", "to", "status", "when", "hosts");
    private static final List<String> OF_PATHS_ALONE = List.of("deny", "internal", "timeout", "max-body-size", "root");
    private static final int MOST_PATHS = 200;
    private static final int MOST_RULES = 200;

    private final PathSettings.Builder all = new PathSettings.Builder();
    private final FunctionSettings.Builder settings;
    private final List<PathRules.Entry> some = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();
    private final Map<String, Path> aliases = new LinkedHashMap<>();
    private List<String> hosts = List.of();
    private String mount = "";
    private @Nullable Path root;
    private boolean hasFunctions;
    private boolean toHttps;
    private DenyList deny = DenyList.NONE;
    private Map<String, String> variables = Map.of();
    private Map<String, String> php = Map.of();
    private final String siteName;
    private final PoolTable pools;

    private SiteKeys(String name, FunctionSettings defaults, PoolTable named) {
        siteName = name;
        pools = named;
        settings = defaults.toBuilder().application(true).cache(CacheSettings.OFF);
    }

    /** The names of all keys of a site, those of functions that it has included. */
    static Set<String> names() {
        Set<String> names = new TreeSet<>(OWN);
        names.addAll(PathKeys.names());
        FunctionKeys.names().stream().filter(FunctionKeys::isOfSites).forEach(names::add);
        return names;
    }

    /** The names of all keys below {@code paths}. */
    static Set<String> namesOfPaths() {
        Set<String> names = new TreeSet<>(PathKeys.names());
        names.addAll(OF_PATHS_ALONE);
        return names;
    }

    /** The names of all keys of a rule. */
    static Set<String> namesOfRules() {
        return new TreeSet<>(OF_RULES);
    }

    /**
     * @param name of the site
     * @param site its keys and values
     * @param pools those that it may name
     * @throws dev.relais.ConfigurationProblem when a key is unknown, its value is wrong, or two keys contradict each other
     */
    static SiteSettings read(String name, YamlValue site, FunctionSettings defaults, PoolTable pools) {
        SiteKeys keys = new SiteKeys(name, defaults, pools);
        Map<String, YamlValue> entries = site.entries();
        entries.forEach(keys::key);
        return keys.checked(site, entries);
    }

    private void key(String name, YamlValue value) {
        if (PathKeys.names().contains(name)) {
            PathKeys.read(name, value, "", all);
        } else if (FunctionKeys.isOfSites(name)) {
            FunctionKeys.read(name, value, settings, pools, FunctionNames.SITE + siteName);
        } else {
            switch (name) {
                case "hosts" -> hosts = SiteForms.hosts(value);
                case "mount" -> mount = SiteForms.mount(value);
                case "root" -> root = ValueForms.folder(value);
                case "functions" -> hasFunctions = ValueForms.bool(value);
                case "https" -> toHttps = SiteForms.https(value);
                case "deny" -> deny = deny.and(ValueForms.denyList(value));
                case "rules" ->
                    rules.addAll(ValueForms.list(
                            value, MOST_RULES, "rules", "[{match: ^/old$, to: /new, status: 301}]", this::rule));
                case "paths" -> paths(value);
                case "variables" -> variables = SiteForms.variables(value);
                case "php" -> php = SiteForms.php(value);
                default -> throw Suggestion.unknown(value, name, "a site", names());
            }
        }
    }

    private void paths(YamlValue value) {
        SiteForms.map(value, "uploads/: {scripts: none}", (pattern, keys) -> {
            Glob glob = Glob.parse(pattern);
            if (glob == null) {
                throw keys.keyProblem(
                        "not a pattern of paths in the site", "write it like uploads/, *.{css,js} or **/files/");
            }
            if (some.size() == MOST_PATHS) {
                throw value.keyProblem("more than " + MOST_PATHS + " entries", "join some, like *.{css,js}");
            }
            some.add(new PathRules.Entry(glob, path(pattern, keys)));
            return glob;
        });
    }

    private PathSettings path(String pattern, YamlValue keys) {
        PathSettings.Builder own = new PathSettings.Builder();
        String below = pattern.endsWith("/") ? pattern : "";
        Map<String, YamlValue> entries = keys.entries();
        if (entries.isEmpty()) {
            throw keys.keyProblem("says nothing", "write keys below it, or remove it");
        }
        entries.forEach((name, value) -> {
            if (PathKeys.names().contains(name)) {
                PathKeys.read(name, value, below, own);
            } else {
                switch (name) {
                    case "deny" -> deny = deny.and(new DenyList(ValueForms.globs(value, below)));
                    case "root" -> aliases.put(alias(pattern, value), ValueForms.folder(value));
                    case "internal" -> own.internal(ValueForms.bool(value));
                    case "timeout" -> own.timeoutMillis(ValueForms.durationMillis(value));
                    case "max-body-size" -> own.maxBodySize(ValueForms.bytes(value));
                    default -> throw Suggestion.unknown(value, name, "paths", namesOfPaths());
                }
            }
        });
        return own.build();
    }

    /** The paths that another folder is for. */
    private static String alias(String pattern, YamlValue value) {
        Glob glob = Glob.parse(pattern);
        if (glob == null || glob.isWild() || !pattern.endsWith("/")) {
            throw value.keyProblem(
                    "another root for paths that are no folder",
                    "write the folder with a slash at its end, like files/");
        }
        return "/" + glob;
    }

    private Rule rule(YamlValue value) {
        Map<String, YamlValue> entries = new LinkedHashMap<>(value.entries());
        entries.forEach((name, entry) -> {
            if (!OF_RULES.contains(name)) {
                throw Suggestion.unknown(entry, name, "a rule", OF_RULES);
            }
        });
        YamlValue match = entries.get("match");
        if (match == null) {
            throw value.problem("a rule without match", "write {match: ^/old$, to: /new, status: 301}");
        }
        Pattern pattern = SiteForms.pattern(match);
        YamlValue to = entries.get("to");
        YamlValue status = entries.get("status");
        int code = status == null ? 0 : SiteForms.status(status);
        if (to == null && (status == null || code < 400)) {
            throw value.problem("a rule without to", "write where it leads, or status 403, 404 or 410");
        }
        if (to != null && code >= 400) {
            throw to.keyProblem("a refusal leads nowhere", "remove to, or write 301, 302, 307 or 308");
        }
        YamlValue when = entries.get("when");
        YamlValue named = entries.get("hosts");
        return new Rule(
                pattern,
                to == null ? null : target(to, pattern, code),
                code,
                when != null && SiteForms.whenMissing(when),
                named == null ? Set.of() : Set.copyOf(SiteForms.hosts(named)));
    }

    private static Template target(YamlValue to, Pattern pattern, int status) {
        Template target = Template.parse(to.text(), pattern);
        if (target == null) {
            throw to.problem(
                    "not a target",
                    "write a path like /new/$1, {path}, or https://host{uri}; groups are $1 to $9, all else is written as in a URL");
        }
        if (status == 0
                && (target.isAbsolute()
                        || !to.text().startsWith("/") && !to.text().startsWith("{path}"))) {
            throw to.problem("not a path of this site, which a rewrite needs", "write a path, or add a status: 301");
        }
        return target;
    }

    private SiteSettings checked(YamlValue site, Map<String, YamlValue> entries) {
        if (root == null && rules.isEmpty()) {
            throw site.keyProblem("a site without root and without rules", "write root: /srv/app/public");
        }
        PathRules built = new PathRules(all.build(), some, deny, rules);
        for (Fallback fallback : fallbacks(built)) {
            String path = fallback.path();
            if (path != null
                    && fallback.isScript()
                    && !built.at(path).scriptsOrDefault().allow(path)) {
                throw site.keyProblem(
                        "the fallback " + path + " is no script that may run",
                        "add it to scripts, or name another one");
            }
            if (path != null && built.closesFallback(path)) {
                throw site.keyProblem(
                        "the fallback " + path + " is denied", "remove the entry of deny, or name another one");
            }
        }
        for (Rule rule : rules) {
            for (String host : rule.hosts()) {
                if (host.startsWith("*.")) {
                    throw Objects.requireNonNull(entries.get("rules"))
                            .keyProblem("a rule for " + host + " would never hold", "name the hosts of a rule whole");
                }
            }
            Set<String> others = new HashSet<>(rule.hosts());
            hosts.forEach(others::remove);
            if (!hosts.isEmpty() && !others.isEmpty() && hosts.stream().noneMatch(host -> host.startsWith("*."))) {
                throw Objects.requireNonNull(entries.get("rules"))
                        .keyProblem(
                                "a rule for " + others.iterator().next() + ", which is no host of the site",
                                "add it to hosts, or remove it");
            }
        }
        try {
            return new SiteSettings(
                    new Site(siteName, hosts, hasFunctions, toHttps, root, php),
                    mount,
                    root,
                    aliases,
                    built,
                    variables,
                    settings.build());
        } catch (IllegalArgumentException e) {
            throw site.keyProblem(String.valueOf(e.getMessage()), "correct one of them");
        }
    }

    private static List<Fallback> fallbacks(PathRules rules) {
        List<Fallback> all = new ArrayList<>();
        if (rules.all().fallback() != null) {
            all.add(rules.all().fallback());
        }
        for (PathRules.Entry entry : rules.some()) {
            if (entry.settings().fallback() != null) {
                all.add(entry.settings().fallback());
            }
        }
        return all;
    }
}
