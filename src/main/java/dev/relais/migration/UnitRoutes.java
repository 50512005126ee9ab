package dev.relais.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the steps of Unit's routes, and the applications that they lead to, say of a site. Not thread-safe. */
final class UnitRoutes {
    private static final int DEEPEST = 8;
    private static final Set<String> CONDITIONS = Set.of(
            "uri",
            "host",
            "method",
            "source",
            "destination",
            "headers",
            "arguments",
            "cookies",
            "query",
            "scheme",
            "if");

    private final SourceFile source;
    private final Json config;
    private final SiteDraft site;
    private final UnitApplications applications;

    UnitRoutes(SourceFile source, Json config, SiteDraft site) {
        this.source = source;
        this.config = config;
        this.site = site;
        this.applications = new UnitApplications(source, config, site);
    }

    /** The steps that a {@code pass} leads to; null when it leads to something else. */
    static @Nullable List<Json> steps(Json config, String pass) {
        Json routes = config.get("routes");
        if (routes == null || !pass.startsWith("routes")) {
            return null;
        }
        Json named = pass.equals("routes")
                ? routes
                : routes.get(pass.substring(Math.min(pass.length(), "routes/".length())));
        return named == null ? null : named.items();
    }

    private Origin origin(Json at, String text) {
        return new Origin(source.name(), at.line(), text, text + ": " + at);
    }

    /** Those that the routes lead to. */
    UnitApplications applications() {
        return applications;
    }

    /**
     * @param hosts that the site is for; empty for all others
     * @param outer patterns of the paths that the route is asked for; empty for all
     */
    void walk(List<Json> steps, List<String> hosts, List<String> outer, int depth) {
        if (depth > DEEPEST) {
            throw source.problem(
                    UnitImport.MODE, 1, "more than " + DEEPEST + " routes in each other", "remove the circle");
        }
        for (Json step : steps) {
            List<String> own = UnitImport.hosts(step);
            if (UnitHosts.cover(own, hosts, depth == 0)) {
                step(step, hosts, outer, depth);
            } else if (depth > 0 && UnitHosts.mayMeet(own, hosts)) {
                untold(step);
            }
        }
    }

    /** Tells of a step that is for some hosts of the site alone. */
    private void untold(Json step) {
        Json action = step.get("action");
        List<Json> inner = action == null ? null : steps(config, action.text("pass"));
        boolean refuses = action != null && refuses(action)
                || inner != null
                        && inner.stream()
                                .map(each -> each.get("action"))
                                .anyMatch(each -> each != null && refuses(each));
        if (refuses) {
            site.notes.guard(origin(step, "host"), "there is no site for its hosts alone, and its action is left out");
        } else {
            site.notes.lost(origin(step, "host"), "there is no site for its hosts alone, and its action is left out");
        }
    }

    private static boolean refuses(Json action) {
        Json share = action.get("share");
        return status(action) >= 400
                || share != null && share.texts().stream().anyMatch(path -> path.startsWith("/dev/null"));
    }

    private void step(Json step, List<String> hosts, List<String> outer, int depth) {
        Json action = step.get("action");
        if (action == null) {
            return;
        }
        Json match = step.get("match");
        List<String> uris = new ArrayList<>();
        List<String> except = new ArrayList<>();
        if (match != null) {
            for (String name : match.entries().keySet()) {
                Json value = match.entries().get(name);
                if (name.equals("uri")) {
                    value.texts().forEach(uri -> (uri.startsWith("!") ? except : uris).add(uri.replaceFirst("^!", "")));
                } else if (!name.equals("host")) {
                    boolean guards = name.equals("source")
                            || !CONDITIONS.contains(name)
                            || action.text("return").matches("4..");
                    if (guards) {
                        site.notes.guard(
                                origin(value, name),
                                "there is no key for this condition, and its action is left out: " + action);
                    } else {
                        site.notes.lost(
                                origin(value, name),
                                "there is no key for this condition, and its action is left out: " + action);
                    }
                    return;
                }
            }
        }
        if (uris.stream().anyMatch(uri -> uri.startsWith("~"))
                || except.stream().anyMatch(uri -> uri.startsWith("~"))) {
            expression(step, action, uris, except);
            return;
        }
        act(action, within(outer, uris), except, hosts, depth);
    }

    /** Patterns of both. */
    private static List<String> within(List<String> outer, List<String> uris) {
        if (outer.isEmpty() || uris.isEmpty()) {
            return uris.isEmpty() ? outer : uris;
        }
        List<String> both = new ArrayList<>();
        for (String uri : uris) {
            if (!uri.startsWith("*")) {
                both.add(uri);
                continue;
            }
            outer.forEach(
                    prefix -> both.add(prefix.endsWith("*") ? prefix.substring(0, prefix.length() - 1) + uri : prefix));
        }
        return both;
    }

    private void expression(Json step, Json action, List<String> uris, List<String> except) {
        List<String> regexes = uris.stream()
                .map(uri -> uri.startsWith("~") ? Re2.of(uri.substring(1)) : Stars.regex(uri))
                .toList();
        int status = status(action);
        if (!except.isEmpty() || regexes.contains(null) || status < 300) {
            if (status >= 400) {
                site.notes.guard(origin(step, "uri"), "neither deny nor rules have words for it");
            } else {
                site.notes.lost(origin(step, "uri"), "paths has no words for expressions");
            }
            return;
        }
        for (String regex : regexes) {
            answer(action, status, String.valueOf(regex));
        }
    }

    private static int status(Json action) {
        return action.text("return").matches("[1-5][0-9]{2}") ? Integer.parseInt(action.text("return")) : 0;
    }

    private void act(Json action, List<String> uris, List<String> except, List<String> hosts, int depth) {
        int status = status(action);
        String pass = action.text("pass");
        if (!action.text("rewrite").isEmpty()) {
            rewrite(action, uris);
        }
        if (action.get("response_headers") != null && action.get("share") == null) {
            headers(action, uris);
        }
        if (status != 0) {
            if (status >= 400 && uris.stream().anyMatch(Stars::isAnyScript)) {
                applications.onlyThese();
                except.forEach(applications::script);
                uris.stream()
                        .filter(uri -> !Stars.isAnyScript(uri))
                        .forEach(uri -> refuse(action, List.of(uri), List.of(), status));
            } else if (status >= 400) {
                refuse(action, uris, except, status);
            } else {
                (uris.isEmpty() ? List.of("*") : uris)
                        .forEach(uri -> answer(action, status, uri.equals("*") ? "^" : Stars.regex(uri)));
            }
        } else if (action.get("share") != null) {
            share(action, uris, except, hosts, depth);
        } else if (pass.startsWith("routes")) {
            List<Json> steps = steps(config, pass);
            if (steps != null) {
                walk(steps, hosts, uris, depth + 1);
            }
        } else if (!pass.isEmpty()) {
            applications.pass(pass, origin(action, "pass"), uris);
        } else {
            site.notes.lost(origin(action, "action"), "Relais passes requests to PHP alone");
        }
    }

    private void refuse(Json action, List<String> uris, List<String> except, int status) {
        List<String> seen = uris.stream().filter(uri -> !Stars.isHidden(uri)).toList();
        List<String> spared =
                except.stream().filter(uri -> !uri.contains("/.well-known/")).toList();
        if (uris.isEmpty() && except.isEmpty()) {
            site.rules.add(RuleDraft.refusal("^", 404));
            return;
        }
        if (seen.isEmpty() && !uris.isEmpty()) {
            return;
        }
        PathGlobs globs = Stars.globs(seen);
        if (spared.isEmpty() && globs != null && !globs.isAll()) {
            site.deny.addAll(globs.globs());
            return;
        }
        spared.forEach(uri -> site.rules.add(RuleDraft.stay(Stars.regex(uri))));
        (seen.isEmpty() ? List.of("*") : seen)
                .forEach(uri -> site.rules.add(RuleDraft.refusal(
                        uri.equals("*") ? "^" : Stars.regex(uri), status == 403 || status == 410 ? status : 404)));
    }

    private void answer(Json action, int status, String regex) {
        String location = action.text("location");
        if (status >= 400) {
            site.rules.add(RuleDraft.refusal(regex, status == 403 || status == 410 ? status : 404));
            return;
        }
        boolean isScheme = location.matches("https?://\\$(host|\\{host})(\\$request_uri|\\$uri)");
        String target = location.replaceFirst("^https?://\\$(host|\\{host})", "")
                .replace("$request_uri", "{uri}")
                .replace("$uri", "{path}");
        if (isScheme) {
            site.notes.lost(
                    origin(action, "return"), "quarkus.http.insecure-requests=redirect leads all from http to https");
        } else if (status < 301
                || status > 308
                || status > 303 && status < 307
                || target.contains("$")
                || target.isEmpty()) {
            site.notes.lost(origin(action, "return"), "rules have no word for it");
        } else {
            site.rules.add(RuleDraft.redirect(regex, target, status));
        }
    }

    private void rewrite(Json action, List<String> uris) {
        String target = action.text("rewrite").replace("$request_uri", "{uri}").replace("$uri", "{path}");
        boolean isSayable = target.startsWith("/") && !target.contains("$") && !target.contains("`") && !uris.isEmpty();
        if (!isSayable) {
            site.notes.lost(origin(action, "rewrite"), "rules have no word for it");
            return;
        }
        uris.forEach(uri -> site.rules.add(RuleDraft.rewrite(Stars.regex(uri), target)));
    }

    private @Nullable PathDraft path(List<String> uris) {
        PathGlobs globs = Stars.globs(uris);
        List<String> folded = globs == null ? List.of() : globs.folded();
        return uris.isEmpty() ? site : folded.size() == 1 ? site.path(folded.get(0)) : null;
    }

    private void headers(Json action, List<String> uris) {
        Json headers = action.get("response_headers");
        PathDraft path = path(uris);
        if (headers == null || path == null) {
            return;
        }
        headers.entries().forEach((name, value) -> {
            String text = value.text() == null ? "" : value.text();
            if (value.text() == null && Fields.refusal(name, "x") == null) {
                Fields.put(path.headers, name, null);
            } else {
                String refusal = text.contains("$") || text.contains("`")
                        ? "Relais has no variables of its own"
                        : Fields.set(path, name, text, !uris.isEmpty());
                if (refusal != null) {
                    site.notes.lost(origin(value, name), refusal);
                }
            }
        });
    }

    private void share(Json action, List<String> uris, List<String> except, List<String> hosts, int depth) {
        Json share = action.get("share");
        String first =
                share == null || share.texts().isEmpty() ? "" : share.texts().get(0);
        if (first.startsWith("/dev/null")) {
            refuse(action, uris, except, 404);
            return;
        }
        String root = first.replaceFirst("\\$\\{?uri}?$", "").replaceFirst("/+$", "");
        if (root.contains("$") || !root.startsWith("/")) {
            site.notes.lost(origin(action, "share"), "a site has one folder; write one site for each");
        } else if (site.root == null) {
            site.root = root;
            applications.sharesFiles();
        } else if (site.root.equals(root)) {
            applications.sharesFiles();
        } else {
            site.notes.lost(
                    origin(action, "share"), "a site has one folder; write a site with mount and root: " + root);
        }
        if (share != null && share.texts().size() > 1) {
            site.notes.lost(origin(share, "share"), "only the first folder is looked into");
        }
        PathDraft path = path(uris);
        if (path == null) {
            site.notes.lost(origin(action, "uri"), "paths has no words for it");
            path = new PathDraft();
        }
        if (!action.text("index").isEmpty()) {
            path.index = List.of(action.text("index"));
        }
        headers(action, uris);
        Json types = action.get("types");
        if (types != null && !types.toString().contains("application/x-httpd-php")) {
            site.notes.guard(origin(types, "types"), "there is no key for it; name extensions below deny");
        }
        for (String name : List.of("chroot", "follow_symlinks", "traverse_mounts")) {
            Json value = action.get(name);
            if (value != null) {
                site.notes.needless(
                        origin(value, name),
                        "Relais follows links within the root alone; allow-symlinks-to names more");
            }
        }
        Json fallback = action.get("fallback");
        if (fallback == null) {
            path.fallback = "404";
        } else {
            act(fallback, uris, List.of(), hosts, depth + 1);
        }
    }
}
