package dev.relais.migration;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes sites of a server of nginx: one, and one more for each location with a folder of its own. Not thread-safe. */
final class NginxServer {
    /** Directives that are read at another place, for each kind of location. */
    private static final Set<String> READ_ELSEWHERE = Set.of(
            "server_name",
            "root",
            "location",
            "try_files",
            "fastcgi_pass",
            "error_page",
            "alias",
            "break",
            "rewrite",
            "return",
            "if",
            "internal");

    private final SiteDraft site = new SiteDraft();
    private final List<SiteDraft> mounted = new ArrayList<>();
    private final NginxSettings settings = new NginxSettings(site);
    private final NginxRewrites rewrites = new NginxRewrites(site);
    private final List<Directive> own;
    private final NginxLocations locations;
    private final NginxScripts scripts;
    private final Map<NginxLocation, PathDraft> placed = new LinkedHashMap<>();

    private NginxServer(List<Directive> own) {
        this.own = own;
        this.locations = NginxLocations.of(own, site.notes);
        this.scripts = new NginxScripts(site, locations);
    }

    /** @param own what stands in the server's block, and what it has from around it */
    static List<SiteDraft> sites(List<Directive> own) {
        NginxServer server = new NginxServer(own);
        server.read();
        List<SiteDraft> sites = new ArrayList<>(List.of(server.site));
        sites.addAll(server.mounted);
        return sites;
    }

    private void read() {
        new NginxHosts(site).read(own);
        for (Directive one : own) {
            if (one.is("root")) {
                root(one);
            }
        }
        fallback();
        serverLevel();
        scripts.read();
        NginxLocation root = locations.root();
        if (root != null) {
            content(root, site, List.of());
        }
        NginxRefusals refusals = new NginxRefusals(site, locations, scripts, rewrites);
        refusals.read();
        List<NginxLocation> reversed = new ArrayList<>(locations.inOrder());
        Collections.reverse(reversed); // a later entry wins, as an earlier location does
        for (NginxLocation location : reversed) {
            if (!location.isRoot()) {
                location(location);
            }
        }
        refusals.end();
        if (site.root == null) {
            site.fallback = null;
            site.scripts = null;
        }
    }

    private void root(Directive directive) {
        String folder = directive.arg(0);
        if (!NginxTargets.isConstant(folder)) {
            site.notes.lost(directive.origin(), "Relais has no variables of its own; write one site for each folder");
        } else if (!folder.startsWith("/")) {
            site.notes.different(directive.origin(), "is below nginx' own folder; write the whole path");
            site.root = "/usr/share/nginx/" + folder;
        } else {
            site.root = folder.length() > 1 && folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder;
        }
    }

    /** What answers where nothing is: what the location for all paths says, or the server. */
    private void fallback() {
        NginxLocation root = locations.root();
        Directive tries = root == null ? null : root.first("try_files");
        if (tries == null) {
            tries = own.stream().filter(one -> one.is("try_files")).findFirst().orElse(null);
        }
        site.fallback = "404";
        if (tries != null) {
            String found = tried(tries, root);
            site.fallback = found == null ? "404" : found;
            return;
        }
        for (Directive page : own) { // a page for 404 is what answers where nothing is
            if (page.is("error_page") && page.args().contains("404")) {
                NginxTries to = NginxTries.of(page.arg(page.args().size() - 1), locations, null);
                if (to != null && to.fallback() != null && to.fallback().contains(".php")) {
                    site.fallback = to.fallback();
                }
            }
        }
        boolean rewrites = root != null && (root.has("rewrite") || root.has("if"));
        if (!rewrites && root != null && (root.has("proxy_pass") || root.has("uwsgi_pass"))) {
            site.notes.lost(root.origin(), "Relais passes requests to PHP alone");
        }
    }

    /** Null when there is no fallback, but a rule, or nothing. */
    private @Nullable String tried(Directive tries, @Nullable NginxLocation location) {
        List<String> args = tries.args();
        for (String arg : args.subList(0, Math.max(0, args.size() - 1))) {
            boolean isUsual = arg.matches(
                    "\\$(uri|request_uri|document_uri|fastcgi_script_name)/?|/?index\\.php|\\$uri/index\\.(php|html?)|/");
            if (!isUsual) {
                site.notes.lost(tries.origin(), "nothing is looked for at " + arg);
            }
        }
        NginxTries last = args.isEmpty()
                ? null
                : NginxTries.of(
                        args.get(args.size() - 1),
                        locations,
                        location != null && location.isRegex() ? Re2.of(location.regex()) : null);
        if (last == null) {
            site.notes.lost(tries.origin(), "there is no word for its last part as a fallback");
            return null;
        }
        if (last.rule() != null) {
            scripts.after(last.rule(), location);
        }
        return last.fallback();
    }

    private void serverLevel() {
        for (Directive one : own) {
            switch (one.name()) {
                case "rewrite" -> add(rewrites.rewritten(one, null));
                case "return" -> add(rewrites.returned(one, "^"));
                case "if" -> site.rules.addAll(rewrites.conditional(one, null));
                case "error_page" -> errorPage(one);
                case "allow", "deny" -> {
                    if (one
                            == own.stream()
                                    .filter(other -> other.is("allow") || other.is("deny"))
                                    .findFirst()
                                    .orElse(one)) {
                        NginxRefusals.addresses(own, site, site.notes);
                    }
                }
                default -> {
                    if (!READ_ELSEWHERE.contains(one.name()) && !settings.take(one, site, List.of())) {
                        NginxKnown.tell(one, site.notes);
                    }
                }
            }
        }
    }

    private void add(@Nullable RuleDraft rule) {
        if (rule != null) {
            site.rules.add(rule);
        }
    }

    private void errorPage(Directive page) {
        boolean isFallback = page.args().contains("404")
                && page.arg(page.args().size() - 1).startsWith(String.valueOf(site.fallback));
        if (!settings.take(page, site, List.of())) {
            NginxKnown.tell(page, site.notes);
        } else if (isFallback) {
            site.notes.different(
                    page.origin(), "the fallback answers first where nothing is; its status is what PHP says");
        }
    }

    private void location(NginxLocation location) {
        if (scripts.isOfPhp(location) || NginxRefusals.isRefusal(location) || scripts.isOfOtherScripts(location)) {
            return;
        }
        if (location.has("return")) {
            content(location, new PathDraft(), List.of("*"));
            return;
        }
        Directive folder = location.first("alias") == null ? foreignRoot(location) : location.first("alias");
        if (folder != null && !location.has("internal")) {
            SiteDraft mount = NginxMount.of(site, location, folder, locations);
            if (mount != null) {
                mounted.add(mount);
            }
            return;
        }
        PathGlobs globs = location.globs();
        if (globs == null || globs.isAll()) {
            PathDraft nothing = new PathDraft();
            content(location, nothing, List.of("*"));
            if (!nothing.isEmpty() || location.has("try_files")) {
                site.notes.lost(location.origin(), "its expression has what patterns of paths have no word for");
            }
            return;
        }
        PathDraft path = new PathDraft();
        content(location, path, globs.globs());
        if (location.has("internal")) {
            path.internal = true;
            if (folder != null && isFolder(location, folder)) {
                String glob = location.text().substring(1).replaceFirst("/*$", "/");
                globs = new PathGlobs(List.of(glob), true);
                path.root = folder.arg(0).length() > 1 ? folder.arg(0).replaceFirst("/+$", "") : folder.arg(0);
            } else if (folder != null) {
                site.notes.lost(folder.origin(), "root below paths is for one folder, without variables");
            }
        }
        if (path.fallback == null && !path.internal) {
            path.fallback = missing(location, path);
        }
        place(location, globs, path);
    }

    private static boolean isFolder(NginxLocation location, Directive folder) {
        return folder.is("alias")
                && !location.isRegex()
                && folder.arg(0).matches("/[^$]*")
                && location.text().matches("/[A-Za-z0-9._~/-]*[A-Za-z0-9_~-]/?");
    }

    /** What answers in a location that does not say it: 404, or what answers that everywhere. */
    private @Nullable String missing(NginxLocation location, PathDraft path) {
        if (location.has("try_files")
                || location.has("rewrite")
                || location.has("return")
                || location.has("if") && path.isEmpty()) {
            return null;
        }
        boolean everywhere =
                own.stream().anyMatch(one -> one.is("error_page") && one.args().contains("404"))
                        && !"404".equals(site.fallback);
        return everywhere ? null : "404";
    }

    /** Leaves out what holds anyhow, and says what an entry before it could have said otherwise. */
    private void place(NginxLocation location, PathGlobs globs, PathDraft path) {
        List<PathDraft> before = placed.entrySet().stream()
                .filter(other -> other.getKey().mayMeet(location))
                .map(Map.Entry::getValue)
                .toList();
        boolean others =
                before.stream().anyMatch(other -> other.fallback != null && !other.fallback.equals(site.fallback));
        if (path.fallback != null && path.fallback.equals(site.fallback) && !others) {
            path.fallback = null;
        }
        boolean isInherited = location.own().stream().anyMatch(one -> one.is("expires") || one.is("add_header"));
        if (path.expires == null && !isInherited && before.stream().anyMatch(other -> other.expires != null)) {
            path.expires = site.expires == null ? "off" : site.expires;
        }
        if (path.isEmpty()) {
            return;
        }
        for (String glob : globs.folded()) {
            PathDraft outer = site.paths.remove(glob); // to stand at the end
            if (outer != null) {
                path.fillFrom(outer);
            }
            site.paths.put(glob, path);
        }
        placed.put(location, path);
    }

    /** A {@code root} that is not the server's. */
    private @Nullable Directive foreignRoot(NginxLocation location) {
        Directive root = location.first("root");
        if (root == null || root.arg(0).replaceFirst("/$", "").equals(site.root)) {
            return null;
        }
        if (location.isRoot() && site.root == null) {
            return null;
        }
        return root;
    }

    private void content(NginxLocation location, PathDraft path, List<String> globs) {
        for (Directive one : location.said()) {
            switch (one.name()) {
                case "root" -> {
                    if (location.isRoot() && site.root == null) {
                        root(one);
                    }
                }
                case "try_files" -> {
                    if (!location.isRoot()) {
                        path.fallback = tried(one, location);
                    }
                }
                case "rewrite", "return", "if" -> {
                    // NginxRefusals has them in their order
                }
                case "error_page" -> {
                    if (!settings.take(one, path, globs)) {
                        NginxKnown.tell(one, site.notes);
                    }
                }
                case "limit_except" -> limit(one, location);
                case "deny", "allow" -> {
                    if (NginxKnown.guards(one) && !location.has("return")) { // which answers before both
                        NginxKnown.tell(one, site.notes);
                    }
                }
                default -> {
                    if (!READ_ELSEWHERE.contains(one.name()) && !settings.take(one, path, globs)) {
                        NginxKnown.tell(one, site.notes);
                    }
                }
            }
        }
    }

    private void limit(Directive directive, NginxLocation location) {
        boolean closes = directive.inside().size() == 1
                && directive.inside().get(0).is("deny")
                && directive.inside().get(0).arg(0).equals("all");
        if (location.isRoot() && closes) {
            Set<String> methods = new LinkedHashSet<>(directive.args());
            if (methods.contains("GET")) {
                methods.add("HEAD");
            }
            site.methods = List.copyOf(methods);
        } else {
            site.notes.guard(directive.origin(), "methods are for a whole site");
        }
    }
}
