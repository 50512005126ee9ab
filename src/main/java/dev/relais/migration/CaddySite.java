package dev.relais.migration;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the directives of a Caddyfile's site say. Not thread-safe. */
final class CaddySite {
    private final SiteDraft site;
    private final CaddyRules rules;
    private final Map<String, Directive> named = new HashMap<>();
    private boolean runs;
    private boolean sendsFiles;
    private boolean asksFirst; // try_files or a rewrite has said where requests go

    CaddySite(SiteDraft site) {
        this.site = site;
        this.rules = new CaddyRules(site);
    }

    void read(List<Directive> block) {
        site.fallback = "404";
        names(block);
        for (Directive one : block) {
            if (one.is("root")) {
                root(one);
            }
        }
        block(block, CaddyMatcher.ALL);
        if (!runs && site.root != null) {
            site.scripts = "none";
        }
        if (site.root == null) {
            site.fallback = null;
            site.missingScripts = null;
        } else if (runs && !sendsFiles) {
            site.notes.different(
                    new Origin("", 0, "file_server", "no file_server"), "files that are there are sent as they are");
        }
    }

    private void names(List<Directive> block) {
        for (Directive one : block) {
            if (one.name().startsWith("@")) {
                named.put(one.name(), one);
            }
        }
    }

    private void root(Directive one) {
        String folder = one.args().isEmpty() ? "" : one.arg(one.args().size() - 1);
        boolean isForSome = one.args().size() > 1 && !one.arg(0).equals("*");
        if (isForSome) {
            site.notes.lost(one.origin(), "a site has one folder; another one can be mounted");
        } else if (folder.contains("{")) {
            site.notes.lost(one.origin(), "Relais has no variables of its own; write one site for each folder");
        } else if (folder.startsWith("/")) {
            site.root = folder.length() > 1 ? folder.replaceFirst("/+$", "") : folder;
        } else {
            site.root = "/srv/" + folder.replaceFirst("^\\./", "").replaceFirst("/+$", "");
            site.notes.different(one.origin(), "is below the folder that Caddy was started in; write the whole path");
        }
    }

    private void block(List<Directive> block, CaddyMatcher outer) {
        names(block);
        for (Directive one : block) {
            boolean hasMatcher = !one.args().isEmpty()
                    && (one.arg(0).startsWith("@")
                            || one.arg(0).startsWith("/")
                            || one.arg(0).equals("*"));
            CaddyMatcher matcher = outer.and(hasMatcher ? CaddyMatcher.of(one.arg(0), named) : CaddyMatcher.ALL);
            List<String> args = hasMatcher ? one.args().subList(1, one.args().size()) : one.args();
            if (one.name().startsWith("@") || one.is("root")) {
                continue;
            }
            if (one.is("redir") || one.is("rewrite")) {
                // one argument alone is the target, even with a slash at its begin
                boolean isTarget = one.args().size() == 1;
                rule(one, isTarget ? outer : matcher, isTarget ? one.args() : args);
            } else if (one.is("try_files")) {
                tries(one, outer, one.args());
            } else if (!matcher.unknown().isEmpty()) {
                unknown(one, matcher);
            } else {
                one(one, matcher, args);
            }
        }
    }

    private void rule(Directive one, CaddyMatcher matcher, List<String> args) {
        if (!matcher.unknown().isEmpty()) {
            unknown(one, matcher);
        } else if (CaddyRules.isFront(one, matcher, args)) {
            front(one, matcher, args.get(0).replaceFirst("\\?\\{query}$", "").replace("{uri}", "{path}"));
        } else {
            rules.lead(one, matcher, args);
        }
    }

    private void unknown(Directive one, CaddyMatcher matcher) {
        String why = "there is no key for its condition: " + matcher.unknown();
        boolean guards = CaddyKnown.guardsSomewhere(one) || matcher.unknown().matches(".*(remote_ip|client_ip).*");
        if (guards) {
            site.notes.guard(one.origin(), why);
        } else {
            site.notes.lost(one.origin(), why);
        }
    }

    private void one(Directive one, CaddyMatcher matcher, List<String> args) {
        switch (one.name()) {
            case "php_fastcgi", "php_server", "php" -> php(one, matcher, args);
            case "file_server" -> files(one, matcher);
            case "handle", "route" -> {
                block(one.inside(), matcher);
                if (one.inside().stream().anyMatch(inner -> inner.name()
                                .matches("file_server|php_fastcgi|php_server|respond|reverse_proxy"))
                        && matcher.except().isEmpty()
                        && matcher.regex() == null) {
                    rules.answered(matcher.paths());
                }
            }
            case "handle_path" -> {
                if (one.inside().stream().anyMatch(CaddyKnown::guardsSomewhere)) {
                    site.notes.guard(one.origin(), "write a site with this mount");
                } else {
                    site.notes.lost(one.origin(), "write a site with this mount");
                }
            }
            case "header" -> header(one, matcher, args);
            case "request_body" -> body(one, matcher);
            case "respond", "error" -> respond(one, matcher, args);
            case "abort" -> rules.refuse(one, matcher, 404);
            default -> CaddyKnown.tell(one, site.notes);
        }
    }

    /** What is said of the paths of a matcher; null when it cannot be said. */
    private @Nullable PathDraft path(Directive one, CaddyMatcher matcher) {
        if (matcher.paths().isEmpty()
                && matcher.regex() == null
                && matcher.except().isEmpty()) {
            return site;
        }
        PathGlobs globs = matcher.regex() != null ? PathGlobs.ofRegex(matcher.regex()) : Stars.globs(matcher.paths());
        if (globs != null && globs.isAll() && matcher.except().isEmpty()) {
            return site;
        }
        List<String> folded = globs == null || !matcher.except().isEmpty() ? List.of() : globs.folded();
        if (folded.size() == 1) {
            return site.path(folded.get(0));
        }
        site.notes.lost(one.origin(), "paths has no words for its matcher");
        return null;
    }

    private void php(Directive one, CaddyMatcher matcher, List<String> args) {
        boolean isServer = one.is("php_server");
        sendsFiles |= isServer
                && one.inside().stream()
                        .noneMatch(
                                inner -> inner.is("file_server") && inner.arg(0).equals("off"));
        runs = true;
        String front = asksFirst ? null : "/index.php";
        for (Directive inner : one.inside()) {
            switch (inner.name()) {
                case "root" -> root(inner);
                case "env" -> CaddyHeaders.variable(site, inner);
                case "try_files" -> front = last(inner, inner.args());
                case "index" -> {
                    if (inner.arg(0).equals("off")) {
                        front = "404";
                    } else {
                        front = "/" + inner.arg(0).replaceFirst("^/", "");
                        site.index = List.of(inner.arg(0).replaceFirst("^/", ""));
                    }
                }
                case "worker" ->
                    site.notes.lost(inner.origin(), "Relais has no workers that keep an application in memory");
                case "hot_reload" -> site.notes.lost(inner.origin(), "see relais.dev.live-reload");
                case "split",
                        "split_path",
                        "resolve_root_symlink",
                        "file_server",
                        "dial_timeout",
                        "write_timeout",
                        "capture_stderr",
                        "name",
                        "request_body_timeout" ->
                    site.notes.needless(inner.origin(), "Relais does so by itself, in one way");
                case "read_timeout" -> {
                    long seconds = Ages.nginxSeconds(inner.arg(0));
                    if (seconds > 0) {
                        site.timeout = seconds + "s";
                    } else {
                        site.notes.lost(inner.origin(), "not a time of at least a second");
                    }
                }
                default -> site.notes.lost(inner.origin(), "there is no key for it");
            }
        }
        PathDraft path = path(one, matcher);
        if (path == null || one.is("php")) {
            return;
        }
        if (front != null) {
            path.fallback = front;
        }
        String answers = path.fallback;
        path.missingScripts = answers != null && answers.contains(".php") ? "fallback" : null;
    }

    private void tries(Directive one, CaddyMatcher matcher, List<String> args) {
        String last = last(one, args);
        PathDraft path = matcher.unknown().isEmpty() ? path(one, matcher) : null;
        if (path != null && last != null) {
            path.fallback = last;
            asksFirst |= path == site;
        }
    }

    /** What {@code try_files} ends with; null when it ends with what was asked for. */
    private @Nullable String last(Directive one, List<String> args) {
        for (String arg : args.subList(0, Math.max(0, args.size() - 1))) {
            if (!arg.matches("\\{path}(/|/index\\.(php|html))?|/?index\\.php")) {
                site.notes.lost(one.origin(), "nothing is looked for at " + arg);
            }
        }
        String last = args.isEmpty() ? "" : args.get(args.size() - 1);
        if (last.startsWith("=")) {
            return "404";
        }
        if (last.matches("\\{path}/?")) {
            return null;
        }
        String target = last.startsWith("/") ? last : "/" + last;
        target =
                target.replaceFirst("\\?\\{query}$", "").replace("&{query}", "").replace("{uri}", "{path}");
        if (target.replace("{path}", "").contains("{")) {
            site.notes.lost(one.origin(), "there is no word for its last part as a fallback");
            return "404";
        }
        return target;
    }

    private void files(Directive one, CaddyMatcher matcher) {
        sendsFiles = true;
        for (Directive inner : one.inside()) {
            switch (inner.name()) {
                case "precompressed" -> {
                    PathDraft path = path(one, matcher);
                    if (path != null) {
                        (inner.args().isEmpty() ? List.of("br", "zstd", "gzip") : inner.args())
                                .stream()
                                        .filter(coding -> coding.matches("br|zstd|gzip"))
                                        .forEach(path.precompressed::add);
                    }
                }
                case "hide" -> inner.args().forEach(name -> rules.hide(inner, name));
                case "index" -> {
                    PathDraft path = path(one, matcher);
                    if (path != null) {
                        path.index = inner.args().stream()
                                .filter(name -> name.matches("[^/.][^/]{0,200}"))
                                .limit(16)
                                .toList();
                    }
                }
                case "root" -> root(inner);
                case "pass_thru", "disable_canonical_uris", "status" ->
                    site.notes.needless(inner.origin(), "Relais does so by itself, in one way");
                default ->
                    site.notes.lost(
                            inner.origin(), inner.is("browse") ? "Relais lists no folder" : "there is no key for it");
            }
        }
        if (one.args().contains("browse")) {
            site.notes.lost(one.origin(), "Relais lists no folder");
        }
    }

    private void header(Directive one, CaddyMatcher matcher, List<String> args) {
        PathDraft path = path(one, matcher);
        if (path == null) {
            return;
        }
        boolean isOfFiles = path != site;
        if (!args.isEmpty()) {
            CaddyHeaders.set(site, one, args.get(0), args.subList(1, args.size()), path, isOfFiles);
        }
        for (Directive inner : one.inside()) {
            if (!inner.is("defer") && !inner.is("match")) {
                CaddyHeaders.set(site, inner, inner.name(), inner.args(), path, isOfFiles);
            }
        }
    }

    private void body(Directive one, CaddyMatcher matcher) {
        Directive limit = one.inside("max_size").findFirst().orElse(null);
        String size = limit == null ? null : Sizes.of(limit.arg(0));
        PathDraft path = path(one, matcher);
        if (size == null) {
            site.notes.lost(one.origin(), "relais.http.max-body-size holds");
        } else if (path != null) {
            path.maxBodySize = size;
        }
    }

    private void respond(Directive one, CaddyMatcher matcher, List<String> args) {
        String code = args.stream()
                .filter(arg -> arg.matches("[1-5][0-9]{2}"))
                .reduce((first, second) -> second)
                .orElse("");
        if (code.startsWith("4")) {
            rules.refuse(one, matcher, Integer.parseInt(code));
        } else {
            site.notes.lost(one.origin(), "Relais has no answers of its own but refusals and redirects");
        }
    }

    /** A rewrite of all but some scripts to the front controller: these alone may run. */
    private void front(Directive one, CaddyMatcher matcher, String target) {
        site.fallback = target.startsWith("/") ? target : "/" + target;
        asksFirst = true;
        List<String> scripts =
                matcher.except().stream().filter(path -> path.contains(".php")).toList();
        if (!matcher.except().isEmpty() && scripts.size() < matcher.except().size()) {
            site.notes.different(one.origin(), "files that are there are sent as they are");
        }
        if (!scripts.isEmpty()) {
            PathGlobs globs = Stars.globs(scripts.stream()
                    .map(path -> path.replaceFirst("\\.php/?\\*$", ".php"))
                    .toList());
            if (globs == null || globs.isAll()) {
                site.notes.guard(one.origin(), "scripts has no words for its matcher");
            } else {
                site.scriptList.addAll(globs.globs());
            }
        }
        site.missingScripts = "fallback";
    }
}
