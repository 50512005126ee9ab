package dev.relais.migration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What locations of nginx refuse, and where they lead to, in nginx' order. Where a location is asked before another one that refuses or leads away,
 * and may be about the same path, a rule that changes nothing says so. Not thread-safe.
 */
final class NginxRefusals {
    private static final Pattern SCRIPTS_BELOW = Pattern.compile(
            "(.*/)(?:\uE000|\uE001)?(?:[^/]*)?\\.p(?:hp[0-9]?|ht|htm|html|har|hps|hp\uE000)[\uE003/]*\uE000?");

    private final SiteDraft site;
    private final NginxLocations locations;
    private final NginxScripts scripts;
    private final NginxRewrites rewrites;
    /** Paths that all may read, though a pattern after them is for some addresses. */
    private final Map<String, List<String>> open = new LinkedHashMap<>();

    NginxRefusals(SiteDraft site, NginxLocations locations, NginxScripts scripts, NginxRewrites rewrites) {
        this.site = site;
        this.locations = locations;
        this.scripts = scripts;
        this.rewrites = rewrites;
    }

    /** Whether nobody gets anything there. */
    static boolean isRefusal(NginxLocation location) {
        if (location.isRoot()) {
            return false;
        }
        Directive returned = location.first("return");
        if (returned != null) {
            return returned.arg(0).matches("40[0-9]|410|444|451|45.");
        }
        return location.said().stream()
                .anyMatch(one -> one.is("deny") && one.arg(0).equals("all"));
    }

    /**
     * Lets in the addresses that {@code allow} names before {@code deny all}, or tells what cannot be said.
     *
     * @return whether it could be said
     */
    static boolean addresses(List<Directive> own, PathDraft path, Notes notes) {
        List<Directive> all =
                own.stream().filter(one -> one.is("allow") || one.is("deny")).toList();
        List<String> allowed = new ArrayList<>();
        for (Directive one : all) {
            boolean isLast = one.is("deny") && one.arg(0).equals("all");
            if (isLast && !allowed.isEmpty()) {
                path.allowFrom.addAll(allowed);
                return true;
            }
            if (one.is("allow") && one.arg(0).equals("all")) {
                return true;
            }
            if (isLast || one.is("deny") || !Addresses.isOne(one.arg(0))) {
                break;
            }
            allowed.add(one.arg(0));
        }
        all.stream().filter(NginxKnown::guards).forEach(one -> NginxKnown.tell(one, notes));
        return false;
    }

    private static boolean isLedAway(NginxLocation location) {
        return location.has("return") || location.has("rewrite") || location.has("if");
    }

    void read() {
        List<NginxLocation> before = new ArrayList<>();
        for (NginxLocation location : locations.inOrder()) {
            if (isRefusal(location)) {
                refuse(location, before);
            } else if (isLedAway(location) && !scripts.isOfPhp(location)) {
                lead(location, before);
            }
            before.add(location);
        }
    }

    /** Adds the rules of {@code try_files}, which hold where nothing is. */
    void end() {
        open.forEach((glob, addresses) -> {
            PathDraft path = site.path(glob);
            site.paths.remove(glob); // to stand at the end
            site.paths.put(glob, path);
            path.allowFrom.addAll(addresses);
        });
        for (NginxScripts.Late late : scripts.after()) {
            NginxLocation own = late.location() == null
                    ? NginxLocation.ofRegex(late.rule().match(), false, new Origin("", 0, "", ""))
                    : late.location();
            for (NginxLocation other : locations.inOrder()) {
                if (other == own) {
                    break;
                }
                if (!other.isRoot() && !isRefusal(other) && other.mayMeet(own)) {
                    stay(other, own);
                }
            }
            site.rules.add(late.rule());
        }
    }

    private void refuse(NginxLocation location, List<NginxLocation> before) {
        if (scripts.isOfOtherScripts(location)) {
            return;
        }
        if (!location.has("return")
                && location.said().stream().anyMatch(one -> one.is("allow"))
                && allowed(location, before)) {
            return;
        }
        for (Directive one : location.own()) {
            if (one.is("allow") && !one.arg(0).equals("all") && !location.has("return")) {
                site.notes.guard(one.origin(), "there is no key for addresses; here it is closed for all of them");
            } else if (one.is("deny") && !one.arg(0).equals("all") || one.is("satisfy")) {
                NginxKnown.tell(one, site.notes);
            } else if (!one.name().matches("deny|allow|return|internal")) {
                String why = NginxKnown.needless(one);
                if (why != null) {
                    site.notes.needless(one.origin(), why);
                }
            }
        }
        NginxLocation seen = seen(location);
        if (seen == null) {
            site.notes.needless(
                    location.origin(), "Relais serves no name that begins with a dot, but those below /.well-known/");
            return;
        }
        PathGlobs globs = seen.globs();
        List<NginxLocation> excepted = before.stream()
                .filter(other -> isExcepted(other) && other.mayMeet(seen))
                .toList();
        if (globs != null && excepted.isEmpty() && scriptsBelow(location)) {
            return;
        }
        if (globs != null && globs.isExact() && !globs.isAll() && excepted.isEmpty()) {
            globs.globs().forEach(site.deny::add);
            before.stream()
                    .filter(other -> other.mayMeet(seen) && !isRefusal(other))
                    .findFirst()
                    .ifPresent(other -> site.notes.different(
                            location.origin(), "nginx asks " + other + " before; Relais refuses all paths of both"));
            return;
        }
        String match = Re2.of(location.regex());
        if (match == null) {
            site.notes.guard(location.origin(), "neither deny nor rules have words for its expression");
            return;
        }
        excepted.forEach(other -> stay(other, location));
        Directive returned = location.first("return");
        site.rules.add(
                RuleDraft.refusal(match, returned != null && returned.arg(0).matches("404|410|444") ? 404 : 403));
    }

    /** Whether what some addresses alone may read could be said. */
    private boolean allowed(NginxLocation location, List<NginxLocation> before) {
        PathDraft path = new PathDraft();
        PathGlobs globs = location.globs();
        boolean isSayable =
                globs != null && globs.isExact() && !globs.isAll() && addresses(location.said(), path, new Notes());
        if (globs == null
                || !isSayable
                || path.allowFrom.isEmpty()
                || location.has("satisfy")
                || location.has("fastcgi_pass")) {
            return false;
        }
        for (String glob : globs.folded()) {
            site.path(glob).allowFrom.addAll(path.allowFrom);
        }
        for (NginxLocation other : before) {
            PathGlobs spared = other.globs();
            if (isExcepted(other)
                    && other.mayMeet(location)
                    && spared != null
                    && spared.folded().size() == 1) {
                open.put(spared.folded().get(0), Addresses.ALL);
            }
        }
        return true;
    }

    /** Whether it goes before, in words that a glob cannot know of. */
    private static boolean isExcepted(NginxLocation location) {
        return !isRefusal(location)
                && !leadsForSure(location)
                && !location.isRegex()
                && location.kind() != NginxLocation.Kind.PREFIX;
    }

    /** The location without names that begin with a dot, which Relais serves to nobody; null when nothing is left. */
    private static @Nullable NginxLocation seen(NginxLocation location) {
        List<String> texts = location.texts();
        if (texts == null || location.kind() == NginxLocation.Kind.EXACT) {
            return location;
        }
        List<String> rest =
                texts.stream().filter(text -> !PathGlobs.isHidden(text)).toList();
        if (rest.size() == texts.size()) {
            return location;
        }
        String regex =
                String.join("|", rest.stream().map(NginxRefusals::regexOf).toList());
        return rest.isEmpty() ? null : NginxLocation.ofRegex(regex, location.ignoresCase(), location.origin());
    }

    /** Whether it is about the scripts below some folders alone, so that no script runs there. */
    private boolean scriptsBelow(NginxLocation location) {
        RegexParts.Parts parts = location.isRegex() ? RegexParts.of(location.text()) : null;
        if (parts == null
                || parts.texts().stream()
                        .anyMatch(text -> !SCRIPTS_BELOW.matcher(text).matches() || text.indexOf('/') < 0)) {
            return false;
        }
        List<String> folders = parts.texts().stream()
                .map(text -> text.substring(0, text.lastIndexOf('/', text.lastIndexOf(".p")) + 1))
                .distinct()
                .toList();
        if (folders.stream()
                .anyMatch(folder -> folder.replaceAll("[^A-Za-z0-9]", "").isEmpty())) {
            return false;
        }
        String regex =
                String.join("|", folders.stream().map(NginxRefusals::regexOf).toList());
        PathGlobs globs = PathGlobs.ofRegex(regex);
        if (globs == null || globs.isAll()) {
            return false;
        }
        globs.folded().forEach(glob -> site.path(glob).scripts = "none");
        return true;
    }

    private static String regexOf(String text) {
        return Re2.quote(text)
                .replace(String.valueOf(RegexParts.BEGIN), "^")
                .replace(String.valueOf(RegexParts.ANY), ".*")
                .replace(String.valueOf(RegexParts.END), "$")
                .replace(String.valueOf(RegexParts.SEGMENT), "[^/]*")
                .replace(String.valueOf(RegexParts.ONE), ".");
    }

    private void lead(NginxLocation location, List<NginxLocation> before) {
        List<RuleDraft> rules = new ArrayList<>();
        String match = location.isRoot() ? "^" : Re2.of(location.regex());
        for (Directive one : location.own()) {
            switch (one.name()) {
                case "return" -> add(rules, match == null ? unsayable(one) : rewrites.returned(one, match));
                case "rewrite" -> add(rules, rewrites.rewritten(one, location));
                case "if" -> rules.addAll(rewrites.conditional(one, location));
                default -> {}
            }
        }
        if (!rules.isEmpty()) {
            before.stream()
                    .filter(other -> !isRefusal(other) && !leadsForSure(other) && other.mayMeet(location))
                    .forEach(other -> stay(other, location));
            site.rules.addAll(rules);
        }
    }

    private @Nullable RuleDraft unsayable(Directive one) {
        site.notes.lost(one.origin(), "RE2 has no word for something in the location's expression");
        return null;
    }

    private static boolean leadsForSure(NginxLocation location) {
        return location.has("return");
    }

    private static void add(List<RuleDraft> rules, @Nullable RuleDraft rule) {
        if (rule != null) {
            rules.add(rule);
        }
    }

    /** A rule that ends the list for the paths of a location that is asked before another one. */
    private void stay(NginxLocation first, NginxLocation later) {
        String match = Re2.of(first.regex());
        if (match == null) {
            site.notes.different(later.origin(), "nginx asks " + first + " before");
            return;
        }
        RuleDraft stay = RuleDraft.stay(match);
        if (!site.rules.contains(stay)) {
            site.rules.add(stay);
        }
    }
}
