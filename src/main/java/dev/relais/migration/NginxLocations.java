package dev.relais.migration;

import dev.relais.ConfigurationProblem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The locations of a server in the order in which nginx gives them a path: exact ones, regular expressions within prefixes, prefixes that close
 * the regular expressions out, these as they are written, and all other prefixes, the longest first. Not thread-safe.
 */
final class NginxLocations {
    /** What a location has from around it, if it does not say it itself. */
    private static final Set<String> INHERITED = Set.of(
            "root",
            "index",
            "add_header",
            "expires",
            "types",
            "default_type",
            "gzip_static",
            "brotli_static",
            "zstd_static",
            "error_page",
            "allow",
            "deny",
            "auth_basic",
            "auth_request",
            "satisfy",
            "internal",
            "fastcgi_param",
            "client_max_body_size",
            "fastcgi_read_timeout",
            "fastcgi_hide_header");

    /** Each is compared with each. */
    private static final int MOST = 300;

    private final List<NginxLocation> found = new ArrayList<>();
    private final Map<String, Directive> named = new LinkedHashMap<>();
    private final Notes notes;

    private NginxLocations(Notes notes) {
        this.notes = notes;
    }

    /** @param server what stands in the server's block */
    static NginxLocations of(List<Directive> server, Notes notes) {
        NginxLocations locations = new NginxLocations(notes);
        server.stream().filter(one -> one.is("location")).forEach(one -> locations.add(one, null));
        locations.found.sort(Comparator.comparingInt(NginxLocation::rank)
                .thenComparingInt(
                        location -> location.isRegex() ? 0 : -location.text().length())
                .thenComparingInt(location -> location.isRegex() ? 0 : -location.depth()));
        return locations;
    }

    /** The first one that covers a path has it. */
    List<NginxLocation> inOrder() {
        return found;
    }

    /** The one for all paths that no other one covers; null when there is none. */
    @Nullable
    NginxLocation root() {
        return found.stream().filter(NginxLocation::isRoot).findFirst().orElse(null);
    }

    /** What stands in a location whose name begins with {@code @}; null when there is none. */
    @Nullable
    Directive named(String name) {
        return named.get(name);
    }

    private void add(Directive location, @Nullable NginxLocation outer) {
        String sign = location.args().size() > 1 ? location.arg(0) : "";
        String text = location.args().size() > 1 ? location.arg(1) : location.arg(0);
        if (location.args().size() == 1) { // they may be written without a space
            for (String each : List.of("^~", "~*", "=", "~")) {
                if (sign.isEmpty() && text.startsWith(each)) {
                    sign = each;
                    text = text.substring(each.length());
                }
            }
        }
        if (found.size() == MOST) {
            throw new ConfigurationProblem(
                    NginxWords.MODE,
                    location.origin().place(),
                    "more than " + MOST + " locations",
                    "divide the server");
        }
        if (text.startsWith("@")) {
            named.put(text, location);
            return;
        }
        if (text.isEmpty() || !sign.matches("|=|\\^~|~\\*?")) {
            notes.lost(location.origin(), "is no location");
            return;
        }
        NginxLocation built = built(location, sign, text, outer);
        found.add(built);
        location.inside("location").forEach(inner -> add(inner, built));
    }

    private static NginxLocation built(Directive location, String sign, String text, @Nullable NginxLocation outer) {
        boolean isRegex = sign.startsWith("~");
        String prefix = outer == null ? "" : outer.prefix();
        boolean isStrong = sign.equals("^~") || outer != null && outer.kind() == NginxLocation.Kind.STRONG_PREFIX;
        String pattern = isRegex && prefix.length() > 1 && !text.startsWith("^")
                ? "^" + Re2.quote(prefix) + (text.startsWith(".*") ? "" : ".*") + text
                : text;
        NginxLocation.Kind kind = isRegex
                ? NginxLocation.Kind.REGEX
                : sign.equals("=")
                        ? NginxLocation.Kind.EXACT
                        : isStrong ? NginxLocation.Kind.STRONG_PREFIX : NginxLocation.Kind.PREFIX;
        int rank =
                switch (kind) {
                    case EXACT -> 0;
                    case REGEX -> outer != null ? 1 : 3;
                    case STRONG_PREFIX -> 2;
                    case PREFIX -> 4;
                };
        List<Directive> said =
                location.inside().stream().filter(one -> !one.is("location")).toList();
        return new NginxLocation(
                kind,
                pattern,
                sign.equals("~*"),
                rank,
                outer == null ? 0 : outer.depth() + 1,
                isRegex ? prefix : text,
                withInherited(said, outer),
                said,
                location.origin());
    }

    private static List<Directive> withInherited(List<Directive> said, @Nullable NginxLocation outer) {
        List<Directive> all = new ArrayList<>();
        if (outer != null) {
            all.addAll(inherited(outer.own(), said));
        }
        all.addAll(said);
        return all;
    }

    /** Those of a list that also hold in a block inside, which says nothing of them itself. */
    static List<Directive> inherited(List<Directive> outside, List<Directive> inside) {
        Set<String> said = new HashSet<>();
        inside.forEach(one -> said.add(one.name()));
        if (said.contains("allow") || said.contains("deny")) {
            said.addAll(Set.of("allow", "deny"));
        }
        return outside.stream()
                .filter(one -> INHERITED.contains(one.name()) && !said.contains(one.name()))
                .toList();
    }
}
