package dev.relais.migration;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes sites as YAML, with the notes on them as comments. Texts are quoted wherever YAML could read them as anything else. */
final class SitesYaml {
    private static final int WIDTH = 110;
    /** Begins like no other thing of YAML, and has nothing that ends a text in a list or a map. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z/][A-Za-z0-9/._~$+%=;-]*( [A-Za-z0-9/._~$+%=;-]+)*");

    private static final Pattern AGE = Pattern.compile("[0-9]{1,6}[smhdwy]( immutable)?");

    private static final Pattern OTHER_TYPE =
            Pattern.compile("(?i)y|n|yes|no|true|false|on|off|null|[-+]?[0-9][0-9_,.:eExXa-fA-F+-]*|\\.(inf|nan)");

    private final StringBuilder yaml = new StringBuilder();
    private final Set<String> names = new HashSet<>();

    private SitesYaml() {}

    /**
     * @param source what was read, for the first line
     * @param file what is told of the file as a whole
     */
    static String of(String source, List<SiteDraft> sites, Notes file) {
        SitesYaml writer = new SitesYaml();
        writer.head(source, sites, file);
        if (sites.isEmpty()) {
            return writer.yaml.append("# No site was found.\nsites: {}\n").toString();
        }
        writer.yaml.append("sites:\n");
        for (int i = 0; i < sites.size(); i++) {
            writer.yaml.append(i == 0 ? "" : "\n");
            writer.site(sites.get(i));
        }
        return writer.yaml.toString();
    }

    private void head(String source, List<SiteDraft> sites, Notes file) {
        long guards = count(sites, file, Note.Kind.GUARD);
        long lost = count(sites, file, Note.Kind.LOST);
        yaml.append("# Made of ")
                .append(source)
                .append(" by relais import. Read it before you use it: src/docs/moving-in.md.\n");
        yaml.append("# Not carried over: ").append(guards + lost);
        yaml.append(
                guards == 0 ? ", and none of it guards anything.\n" : "; " + guards + " of it GUARDED SOMETHING.\n");
        comments(file, "");
    }

    private static long count(List<SiteDraft> sites, Notes file, Note.Kind kind) {
        return file.count(kind)
                + sites.stream().mapToLong(site -> site.notes.count(kind)).sum();
    }

    private void comments(Notes notes, String indent) {
        notes.lines()
                .forEach(line -> yaml.append(indent).append("# ").append(line).append('\n'));
    }

    private void site(SiteDraft site) {
        yaml.append("  ").append(name(site)).append(":\n");
        comments(site.notes, "    ");
        String at = "    ";
        list(at, "hosts", site.hosts);
        if (!site.mount.equals("/")) {
            text(at, "mount", site.mount);
        }
        text(at, "root", site.root);
        list(at, "allow-symlinks-to", site.allowSymlinksTo);
        settings(at, site);
        list(at, "methods", site.methods);
        list(at, "deny", site.deny);
        rules(at, site.rules);
        map(at, "variables", site.variables);
        map(at, "php", site.php);
        if (site.streamsBody) {
            text(at, "body", "stream");
        }
        paths(at, site);
    }

    private void paths(String at, SiteDraft site) {
        if (site.paths.values().stream().allMatch(PathDraft::isEmpty)) {
            return;
        }
        yaml.append(at).append("paths:\n");
        site.paths.forEach((glob, path) -> {
            if (!path.isEmpty()) {
                yaml.append(at).append("  ").append(quoted(glob)).append(":\n");
                text(at + "    ", "root", path.root);
                settings(at + "    ", path);
            }
        });
    }

    private void settings(String at, PathDraft path) {
        list(at, "index", path.index);
        text(at, "fallback", path.fallback);
        if (path.scripts != null) {
            text(at, "scripts", path.scripts);
        } else {
            list(at, "scripts", path.scriptList);
        }
        text(at, "missing-scripts", path.missingScripts);
        if (path.internal) {
            yaml.append(at).append("internal: true\n");
        }
        map(at, "headers", path.headers);
        text(at, "expires", path.expires);
        map(at, "types", path.types);
        list(at, "precompressed", path.precompressed);
        text(at, "timeout", path.timeout);
        text(at, "max-body-size", path.maxBodySize);
        list(at, "allow-from", path.allowFrom);
        Map<String, String> pages = new LinkedHashMap<>();
        path.errorPages.forEach((status, page) -> pages.put(String.valueOf(status), page));
        map(at, "error-pages", pages);
    }

    private void rules(String at, List<RuleDraft> rules) {
        if (rules.isEmpty()) {
            return;
        }
        yaml.append(at).append("rules:\n");
        for (RuleDraft rule : rules) {
            List<String> parts = new ArrayList<>();
            parts.add("match: " + single(rule.match()));
            if (rule.to() != null) {
                parts.add("to: " + quoted(rule.to()));
            }
            if (rule.status() != 0) {
                parts.add("status: " + rule.status());
            }
            if (rule.whenMissing()) {
                parts.add("when: missing");
            }
            if (!rule.hosts().isEmpty()) {
                parts.add("hosts: ["
                        + String.join(
                                ", ",
                                rule.hosts().stream().map(SitesYaml::quoted).toList()) + "]");
            }
            yaml.append(at).append("  - {").append(String.join(", ", parts)).append("}\n");
        }
    }

    private void text(String at, String key, @Nullable String value) {
        if (value != null) {
            yaml.append(at).append(key).append(": ").append(quoted(value)).append('\n');
        }
    }

    private void list(String at, String key, Collection<String> values) {
        if (values.isEmpty()) {
            return;
        }
        List<String> items = values.stream().map(SitesYaml::quoted).toList();
        String line = at + key + ": [" + String.join(", ", items) + "]";
        if (line.length() <= WIDTH) {
            yaml.append(line).append('\n');
            return;
        }
        yaml.append(at).append(key).append(":\n");
        items.forEach(item -> yaml.append(at).append("  - ").append(item).append('\n'));
    }

    private void map(String at, String key, Map<String, ? extends @Nullable String> values) {
        if (!values.isEmpty()) {
            yaml.append(at).append(key).append(":\n");
            values.forEach((name, value) -> yaml.append(at)
                    .append("  ")
                    .append(quoted(name))
                    .append(": ")
                    .append(value == null ? "null" : quoted(value))
                    .append('\n'));
        }
    }

    /** A name that no other site has, made of its first host, or else of its root. */
    private String name(SiteDraft site) {
        String base =
                site.hosts.isEmpty() ? "default" : site.hosts.iterator().next().replace("*", "any");
        String mount = site.mount.equals("/") ? "" : site.mount.replace('/', '-');
        String name = (base + mount).replaceAll("[^A-Za-z0-9._-]+", "-").replaceFirst("^[^A-Za-z0-9]+", "");
        name = name.isEmpty()
                ? "site"
                : name.substring(0, Math.min(name.length(), 56)).toLowerCase(Locale.ROOT);
        String free = name;
        for (int i = 2; !names.add(free); i++) {
            free = name + "-" + i;
        }
        return quoted(free);
    }

    /** A text as it stands, if YAML reads it so, also within brackets; else in quotes. */
    static String quoted(String text) {
        if (text.equals("404") || AGE.matcher(text).matches()) {
            return text;
        }
        if (PLAIN.matcher(text).matches() && !OTHER_TYPE.matcher(text).matches()) {
            return text;
        }
        return single(text);
    }

    /** In single quotes, in which nothing is escaped but they themselves; in double quotes where a character needs it. */
    private static String single(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 0x7F || c >= 0xA0 && c < 0x2000)) {
            return "'" + text.replace("'", "''") + "'";
        }
        StringBuilder escaped = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                escaped.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7F) {
                escaped.append(c);
            } else {
                escaped.append(String.format(Locale.ROOT, "\\u%04X", (int) c));
            }
        }
        return escaped.append('"').toString();
    }
}
