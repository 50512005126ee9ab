package dev.relais.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What Apache's directives say of a site, and its sections of some of its paths. Not thread-safe. */
final class ApacheSections {
    /**
     * What a section is about.
     *
     * @param path what is said of it
     * @param globs that cover it; empty for the whole site, null when patterns cannot say it
     * @param regex finds it; null when there is none
     */
    private record Scope(
            Supplier<PathDraft> path,
            @Nullable List<String> globs,
            @Nullable String regex) {
        boolean isWhole() {
            return globs != null && globs.isEmpty();
        }
    }

    private final SiteDraft site;
    private final ApacheRewrites rewrites;
    private final ApacheFiles files;
    private final Scope whole;

    /** @param isHost whether paths of rules begin with a slash, outside of {@code <Directory>} */
    ApacheSections(SiteDraft site, boolean isHost) {
        this.site = site;
        this.files = new ApacheFiles(site);
        this.rewrites = new ApacheRewrites(site, isHost);
        this.whole = new Scope(() -> site, List.of(), null);
    }

    void read(List<Directive> all) {
        block(all, whole);
        rewrites.end();
    }

    private void block(List<Directive> all, Scope scope) {
        boolean after = true; // whether the section before it held, for <Else>
        refusals(all, scope);
        for (Directive one : all) {
            switch (one.name()) {
                case "ifmodule", "ifversion" -> module(one, scope);
                case "ifdefine" -> told(one);
                case "if", "elseif" -> {
                    told(one);
                    after = false;
                }
                case "else" -> {
                    if (!after) {
                        site.notes.different(
                                one.origin(), "holds always, since there is no key for the condition before it");
                    }
                    block(one.inside(), scope);
                }
                case "files", "filesmatch" -> section(one, files(one));
                case "location", "locationmatch" -> section(one, location(one));
                case "directory", "directorymatch" -> directory(one);
                case "limit", "limitexcept" -> limit(one, scope);
                case "require", "deny", "allow", "order", "satisfy" -> {} // refusals() has them
                default -> one(one, scope);
            }
        }
    }

    private void told(Directive one) {
        ApacheKnown.tell(one, site.notes);
    }

    private void module(Directive one, Scope scope) {
        if (ApacheKnown.holds(one)) {
            block(one.inside(), scope);
        } else if (!one.arg(0).startsWith("!") && !one.inside().isEmpty()) {
            site.notes.needless(one.origin(), "it is for a module that Relais has no need of");
        }
    }

    /** Whoever is kept out of a whole section, by whatever directive. */
    private void refusals(List<Directive> all, Scope scope) {
        boolean order = false;
        boolean allowed = false;
        boolean closed = false;
        List<Directive> some = new ArrayList<>();
        for (Directive one : all) {
            String text = one.joined().toLowerCase(Locale.ROOT);
            switch (one.name()) {
                case "require" -> {
                    closed |= text.equals("all denied");
                    if (ApacheKnown.guards(one) && !text.equals("all denied")) {
                        some.add(one);
                    }
                }
                case "deny" -> closed |= text.equals("from all");
                case "order" -> order |= text.replace(" ", "").equals("allow,deny");
                case "allow" -> {
                    allowed = true;
                    if (ApacheKnown.guards(one)) {
                        some.add(one);
                    }
                }
                case "requireall", "requireany", "requirenone", "satisfy" -> some.add(one);
                default -> {}
            }
        }
        List<String> addresses = Addresses.ofRequire(some);
        if (!addresses.isEmpty() && !closed && scope.globs() != null) {
            scope.path().get().allowFrom.addAll(addresses);
            return;
        }
        boolean refused = closed || order && !allowed;
        boolean closes = refused
                && close(
                        scope,
                        all.stream().filter(ApacheKnown::guards).findFirst().orElse(null));
        for (Directive one : some) {
            if (closes) {
                site.notes.guard(one.origin(), "there is no key for who may come in; here it is closed for all");
            } else {
                told(one);
            }
        }
    }

    /** Whether it could be said. */
    private boolean close(Scope scope, @Nullable Directive by) {
        Origin origin = by == null ? new Origin("", 0, "order", "order allow,deny") : by.origin();
        if (scope.isWhole()) {
            site.notes.guard(
                    origin, "it closes the whole folder; leave the site out, or deny its folder in the site above it");
            return false;
        }
        List<String> globs = scope.globs();
        if (globs != null) {
            boolean isScripts = globs.stream().allMatch(glob -> glob.matches("\\*\\.(p[ht].*|php.*)"));
            if (isScripts) {
                site.scripts = "none"; // and not the fallback's, which is another thing
                site.fallback = "404";
            } else {
                site.deny.addAll(globs);
            }
            return true;
        }
        if (scope.regex() != null) {
            site.rules.add(RuleDraft.refusal(scope.regex(), 403));
            return true;
        }
        site.notes.guard(origin, "neither deny nor rules have words for its section's expression");
        return false;
    }

    private void section(Directive one, Scope scope) {
        if (scope.globs() == null) {
            boolean onlyRefuses = one.inside().stream()
                    .allMatch(inner -> inner.name().matches("require|order|deny|allow|satisfy|ifmodule"));
            if (!onlyRefuses) {
                site.notes.lost(one.origin(), "its expression has what patterns of paths have no word for");
            }
            unrolled(one.inside()).forEach(inner -> refusals(List.of(inner), scope));
            return;
        }
        block(one.inside(), scope);
    }

    private static List<Directive> unrolled(List<Directive> all) {
        List<Directive> flat = new ArrayList<>();
        for (Directive one : all) {
            if (!one.name().startsWith("if")) {
                flat.add(one);
            } else if (ApacheKnown.holds(one)) {
                flat.addAll(unrolled(one.inside()));
            }
        }
        return flat;
    }

    private Scope of(@Nullable PathGlobs globs, @Nullable String regex) {
        if (globs == null || globs.isAll()) {
            return new Scope(PathDraft::new, null, regex);
        }
        List<String> folded = globs.folded();
        String key = folded.size() == 1 ? folded.get(0) : null;
        return new Scope(() -> key == null ? new PathDraft() : site.path(key), globs.globs(), regex);
    }

    /** Names of files, in whatever folder. */
    private Scope files(Directive one) {
        boolean isRegex = one.is("filesmatch") || one.arg(0).equals("~");
        String text = one.args().isEmpty() ? "" : one.arg(one.args().size() - 1);
        if (isRegex) {
            PathGlobs globs = PathGlobs.ofName(text);
            return of(globs != null && globs.isExact() ? globs : null, null);
        }
        boolean isSayable = text.matches("[^/{},\\\\\\[\\]]{1,200}");
        String glob = text.startsWith("*") ? text : "**/" + text;
        return of(isSayable && !text.matches("\\*+") ? new PathGlobs(List.of(glob), true) : null, null);
    }

    private Scope location(Directive one) {
        boolean isRegex = one.is("locationmatch") || one.arg(0).equals("~");
        String text = one.args().isEmpty() ? "" : one.arg(one.args().size() - 1);
        if (isRegex) {
            return of(PathGlobs.ofRegex(text), Re2.of(text));
        }
        if (text.equals("/")) {
            return whole;
        }
        return of(text.startsWith("/") ? PathGlobs.ofPath(text.replaceFirst("/*$", "/")) : null, null);
    }

    /** The site's own folder, one above it, or one below. */
    private void directory(Directive one) {
        String text = one.args().isEmpty() ? "" : one.arg(one.args().size() - 1).replaceFirst("/+$", "");
        String root = String.valueOf(site.root);
        boolean isRegex = one.is("directorymatch") || one.arg(0).equals("~");
        if (!isRegex && (root.equals(text) || root.startsWith(text + "/") || text.isEmpty())) {
            boolean isOwn = root.equals(text);
            if (isOwn) {
                rewrites.inFolder(true);
                block(one.inside(), whole);
                rewrites.inFolder(false);
            } else if (one.inside().stream().anyMatch(inner -> !inner.name()
                    .matches("options|allowoverride|require|order|allow|deny|authmerging"))) {
                block(one.inside(), whole);
            }
        } else if (!isRegex && text.startsWith(root + "/")) {
            PathGlobs globs = PathGlobs.ofPath(text.substring(root.length()) + "/");
            section(one, of(globs, null));
        } else {
            told(one);
        }
    }

    private void limit(Directive one, Scope scope) {
        boolean closes = one.inside().stream()
                .anyMatch(inner -> inner.joined().equalsIgnoreCase("all denied")
                        || inner.joined().equalsIgnoreCase("from all") && inner.is("deny"));
        if (one.is("limitexcept") && closes && scope.isWhole()) {
            List<String> methods = new ArrayList<>(one.args());
            if (methods.contains("GET") && !methods.contains("HEAD")) {
                methods.add("HEAD");
            }
            site.methods = List.copyOf(methods);
        } else if (ApacheKnown.guardsSomewhere(one) && one.inside().stream().anyMatch(ApacheKnown::guardsSomewhere)) {
            site.notes.guard(one.origin(), "methods are for a whole site");
        }
    }

    private void one(Directive one, Scope scope) {
        PathDraft path = scope.path().get();
        boolean isOfFiles = !scope.isWhole()
                && scope.globs() != null
                && scope.globs().stream().noneMatch(glob -> glob.contains(".php"));
        switch (one.name()) {
            case "servername", "serveralias", "documentroot" -> {}
            case "directoryindex" ->
                path.index = one.args().stream()
                        .filter(name -> name.matches("[^/\\\\.\\p{Cntrl}][^/\\\\\\p{Cntrl}]{0,254}")
                                && !name.equals("disabled"))
                        .distinct()
                        .limit(16)
                        .toList();
            case "fallbackresource" -> {
                if (one.arg(0).startsWith("/")) {
                    path.fallback = one.arg(0);
                    path.missingScripts = one.arg(0).endsWith(".php") ? "fallback" : null;
                } else if (one.arg(0).equals("disabled")) {
                    path.fallback = "404";
                } else {
                    told(one);
                }
            }
            case "options" -> new ApacheValues(site).options(one);
            case "header" -> files.header(one, path, isOfFiles);
            case "requestheader" -> {
                if (one.joined().matches("(?i)(early )?unset Proxy.*")) {
                    site.notes.needless(one.origin(), "Relais does so by itself, in one way");
                } else {
                    told(one);
                }
            }
            case "expiresdefault" -> files.expires(one, one.joined(), path);
            case "expiresbytype" -> files.byType(one);
            case "addtype" -> one.args().stream().skip(1).forEach(ext -> files.type(one, ext, one.arg(0), path));
            case "forcetype" -> {
                List<String> globs = scope.globs() == null ? List.of() : scope.globs();
                if (!globs.isEmpty() && globs.stream().allMatch(glob -> glob.matches("\\*\\.[a-z0-9_+-]{1,32}"))) {
                    globs.forEach(glob -> files.type(one, glob.substring(2), one.arg(0), path));
                } else {
                    told(one);
                }
            }
            case "sethandler", "removehandler", "removetype", "php_flag", "php_admin_flag" -> handler(one, path, scope);
            case "setenv" -> new ApacheValues(site).variable(one);
            case "setenvif", "setenvifnocase" -> {
                if (one.joined().matches("(?i).*authorization.*|transfer-encoding.*|content-length.*")) {
                    site.notes.needless(one.origin(), "Relais passes all fields to PHP");
                } else {
                    told(one);
                }
            }
            case "redirect", "redirectpermanent", "redirecttemp", "redirectmatch" ->
                new ApacheRedirects(site).read(one);
            case "alias" -> alias(one);
            case "limitrequestbody" -> new ApacheValues(site).size(one, path);
            case "errordocument" -> new ApacheValues(site).errorPage(one, path);
            case "php_value", "php_admin_value" -> PhpSettings.set(site, one.origin(), one.arg(0), one.arg(1));
            case "rewriteengine", "rewritebase", "rewritecond", "rewriterule" -> rewrites.take(one);
            case "expiresactive" -> site.notes.needless(one.origin(), "expires is for files alone");
            default -> told(one);
        }
    }

    /** What makes PHP run nothing. */
    private void handler(Directive one, PathDraft path, Scope scope) {
        boolean none = one.is("removehandler") && one.joined().contains("php")
                || one.is("removetype") && one.joined().contains("php")
                || one.is("sethandler") && one.arg(0).matches("(?i)none|default-handler|text/.*")
                || one.name().endsWith("flag") && one.joined().matches("(?i)engine (off|0)");
        if (!none) {
            told(one);
        } else if (scope.globs() == null) {
            site.notes.guard(one.origin(), "its section has what patterns of paths have no word for");
        } else if (scope.globs().stream().anyMatch(glob -> glob.contains(".p"))) {
            close(scope, one);
        } else {
            path.scripts = "none";
        }
    }

    private void alias(Directive one) {
        site.notes.lost(
                one.origin(),
                "write a site with mount: " + one.arg(0) + " and root: " + one.arg(1) + ", with these hosts");
    }
}
