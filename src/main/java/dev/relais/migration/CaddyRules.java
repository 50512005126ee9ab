package dev.relais.migration;

import java.util.ArrayList;
import java.util.List;

/** Refusals, redirects and rewrites of a Caddyfile's site as {@code deny} and {@code rules}. Not thread-safe. */
final class CaddyRules {
    private final SiteDraft site;
    /** Paths that something answers for good, of which no rule behind it is asked. */
    private final List<String> answered = new ArrayList<>();

    CaddyRules(SiteDraft site) {
        this.site = site;
    }

    void answered(List<String> paths) {
        answered.addAll(paths);
    }

    /** Whether it leads all, or all but some paths, to a script. */
    static boolean isFront(Directive one, CaddyMatcher matcher, List<String> args) {
        String target = args.isEmpty() ? "" : args.get(0).replaceFirst("\\?\\{query}$", "");
        return one.is("rewrite")
                && target.matches("/?[A-Za-z0-9_./-]+\\.php(\\{path}|\\{uri})?")
                && matcher.paths().isEmpty()
                && matcher.regex() == null;
    }

    /** Nobody gets anything where the matcher fits. */
    void refuse(Directive one, CaddyMatcher matcher, int code) {
        int status = code == 403 || code == 410 ? code : 404;
        List<String> seen =
                matcher.paths().stream().filter(path -> !Stars.isHidden(path)).toList();
        if (!matcher.paths().isEmpty() && seen.isEmpty()) {
            site.notes.needless(
                    one.origin(), "Relais serves no name that begins with a dot, but those below /.well-known/");
            return;
        }
        boolean isScripts = !seen.isEmpty() && seen.stream().allMatch(path -> path.matches("/.*/\\*\\.php(/?\\*)?"));
        if (isScripts && matcher.except().isEmpty() && matcher.regex() == null) {
            PathGlobs folders = Stars.globs(seen.stream()
                    .map(path -> path.replaceFirst("\\*\\.php.*", "*"))
                    .toList());
            if (folders != null && !folders.isAll()) {
                folders.globs().forEach(glob -> site.path(glob).scripts = "none");
                return;
            }
        }
        PathGlobs globs = matcher.regex() == null && !seen.isEmpty() ? Stars.globs(seen) : null;
        if (globs != null && !globs.isAll() && matcher.except().isEmpty() && !matcher.whenMissing()) {
            site.deny.addAll(globs.globs());
            return;
        }
        matcher.except().forEach(path -> site.rules.add(RuleDraft.stay(Stars.regex(path))));
        for (String regex : regexes(matcher, seen)) {
            RuleDraft rule = RuleDraft.refusal(regex, status);
            site.rules.add(matcher.whenMissing() ? rule.ifMissing() : rule);
        }
    }

    private static List<String> regexes(CaddyMatcher matcher, List<String> paths) {
        if (matcher.regex() != null) {
            return List.of(matcher.regex());
        }
        List<String> regexes = new ArrayList<>();
        (paths.isEmpty() ? List.of("*") : paths)
                .forEach(path -> regexes.add(path.matches("/?\\*") ? "^" : Stars.regex(path)));
        return regexes;
    }

    /** A {@code redir} or {@code rewrite}. */
    void lead(Directive one, CaddyMatcher matcher, List<String> args) {
        String text = args.isEmpty() ? "" : args.get(0);
        int status = one.is("rewrite") ? 0 : status(args.size() > 1 ? args.get(1) : "302");
        String target = text.replaceAll("\\{(?:re|http\\.regexp)(?:\\.[A-Za-z0-9_]+)?\\.([1-9])}", "\\$$1")
                .replaceFirst("^\\{scheme}://", "https://")
                .replaceFirst("^https?://\\{host}(?=[/{])", "")
                .replace("{http.request.uri}", "{uri}")
                .replaceFirst("\\?\\{query}$", "");
        boolean isSelf = target.equals("{uri}") || target.equals("{path}");
        boolean isSayable = (target.startsWith("/") || isSelf || target.matches("https?://[a-z0-9.:-]+([/{].*)?"))
                && !target.replaceAll("\\{(path|uri)}", "").contains("{")
                && !target.startsWith("//")
                && !(status == 0 && target.startsWith("http"));
        if (isSelf && status != 0) {
            site.notes.lost(one.origin(), "quarkus.http.insecure-requests=redirect leads all from http to https");
        } else if (!isSayable || status < 0) {
            site.notes.lost(one.origin(), "its target has what rules have no word for");
        } else {
            matcher.except().forEach(path -> site.rules.add(RuleDraft.stay(Stars.regex(path))));
            for (String regex : regexes(matcher, matcher.paths())) {
                answered.stream()
                        .filter(path -> Re2.mayFind(regex, path.replace("*", "x")))
                        .map(path -> RuleDraft.stay(Stars.regex(path)))
                        .filter(stay -> !site.rules.contains(stay))
                        .forEach(site.rules::add);
                RuleDraft rule = new RuleDraft(regex, target, status, matcher.whenMissing(), List.of());
                site.rules.add(rule);
            }
        }
    }

    private static int status(String code) {
        return switch (code) {
            case "permanent", "301" -> 301;
            case "temporary", "302" -> 302;
            case "303" -> 303;
            case "307" -> 307;
            case "308" -> 308;
            default -> -1;
        };
    }

    /** A name of {@code hide}. */
    void hide(Directive one, String name) {
        String root = String.valueOf(site.root);
        String below = name.startsWith(root + "/") ? name.substring(root.length() + 1) : name;
        boolean isSayable = below.matches("[^/{}\\\\\\[\\]][^{}\\\\\\[\\]]{0,200}") && !below.matches("[*/]+");
        if (below.startsWith(".") && below.indexOf('/') < 0) {
            site.notes.needless(
                    one.origin(), "Relais serves no name that begins with a dot, but those below /.well-known/");
        } else if (isSayable) {
            boolean isName = below.indexOf('/') < 0 && below.equals(name) && !below.startsWith("*");
            site.deny.add((isName ? "**/" : "") + below);
        } else {
            site.notes.guard(one.origin(), "deny has no word for " + name);
        }
    }
}
