package dev.relais.migration;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Apache's directives say of a site, and its sections of some of its paths. Not thread-safe. */
final class ApacheSections {
    private final SiteDraft site;
    private final ApacheRewrites rewrites;
    private final ApacheFiles files;
    private final ApacheRefusals refusals;
    private final ApacheScope whole;

    /** @param isHost whether paths of rules begin with a slash, outside of {@code <Directory>} */
    ApacheSections(SiteDraft site, boolean isHost) {
        this.site = site;
        this.files = new ApacheFiles(site);
        this.rewrites = new ApacheRewrites(site, isHost);
        this.refusals = new ApacheRefusals(site);
        this.whole = ApacheScope.whole(site);
    }

    void read(List<Directive> all) {
        block(all, whole);
        rewrites.end();
    }

    private void block(List<Directive> all, ApacheScope scope) {
        boolean after = true; // whether the section before it held, for <Else>
        refusals.read(all, scope);
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
                case "require", "deny", "allow", "order", "satisfy" -> {} // ApacheRefusals has them
                default -> one(one, scope);
            }
        }
    }

    private void told(Directive one) {
        ApacheKnown.tell(one, site.notes);
    }

    private void module(Directive one, ApacheScope scope) {
        if (ApacheKnown.holds(one)) {
            block(one.inside(), scope);
        } else if (!one.arg(0).startsWith("!") && one.is("ifmodule") && ApacheKnown.guardsSomewhere(one)) {
            told(one);
        } else if (!one.arg(0).startsWith("!") && !one.inside().isEmpty()) {
            site.notes.needless(one.origin(), "it is for a module that Relais has no need of");
        }
    }

    private void section(Directive one, ApacheScope scope) {
        if (scope.globs() == null) {
            unsayable(one, scope);
            return;
        }
        block(one.inside(), scope);
        scope.end(site);
    }

    /** Tells of a section that patterns have no word for, and of whatever guards in it. */
    private void unsayable(Directive section, ApacheScope scope) {
        boolean onlyRefuses = section.inside().stream()
                .allMatch(inner -> inner.name().matches("require|order|deny|allow|satisfy|ifmodule"));
        if (!onlyRefuses) {
            site.notes.lost(section.origin(), "its expression has what patterns of paths have no word for");
        }
        List<Directive> all = unrolled(section.inside());
        refusals.read(all, scope);
        for (Directive one : all) {
            if (isOfModule(one)) {
                module(one, scope);
            } else if (ApacheKnown.stopsScripts(one)) {
                handler(one, scope.path().get(), scope);
            } else if (!one.name().matches("require.*|order|deny|allow|satisfy") && ApacheKnown.guardsSomewhere(one)) {
                told(one);
            }
        }
    }

    private static boolean isOfModule(Directive one) {
        return one.is("ifmodule") || one.is("ifversion");
    }

    /** With what stands in sections that hold as if it stood beside them. */
    private static List<Directive> unrolled(List<Directive> all) {
        List<Directive> flat = new ArrayList<>();
        for (Directive one : all) {
            if (isOfModule(one) && ApacheKnown.holds(one)) {
                flat.addAll(unrolled(one.inside()));
            } else {
                flat.add(one);
            }
        }
        return flat;
    }

    private ApacheScope of(@Nullable PathGlobs globs, @Nullable String regex) {
        return ApacheScope.of(site, globs, regex);
    }

    /** Names of files, in whatever folder. */
    private ApacheScope files(Directive one) {
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

    private ApacheScope location(Directive one) {
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
            } else {
                above(one, text.isEmpty());
            }
        } else if (!isRegex && text.startsWith(root + "/")) {
            PathGlobs globs = PathGlobs.ofPath(text.substring(root.length()) + "/");
            section(one, of(globs, null));
        } else {
            told(one);
        }
    }

    /** @param isFileSystem whether it is the folder of all, which is closed for all folders but those that are opened */
    private void above(Directive section, boolean isFileSystem) {
        List<Directive> rest = new ArrayList<>();
        for (Directive one : unrolled(section.inside())) {
            if (one.name().matches("require|order|allow|deny")) {
                boolean isUsual = isFileSystem && one.joined().matches("(?i)all denied|from all");
                if (ApacheKnown.guards(one) && !isUsual) {
                    told(one);
                }
            } else if (!one.is("authmerging")) {
                rest.add(one);
            }
        }
        if (rest.stream().anyMatch(one -> !one.name().matches("options|allowoverride"))) {
            block(rest, whole);
        }
    }

    private void limit(Directive one, ApacheScope scope) {
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

    private void one(Directive one, ApacheScope scope) {
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
    private void handler(Directive one, PathDraft path, ApacheScope scope) {
        if (!ApacheKnown.stopsScripts(one)) {
            told(one);
        } else if (scope.globs() == null) {
            site.notes.guard(one.origin(), "its section has what patterns of paths have no word for");
        } else if (scope.globs().stream().anyMatch(glob -> glob.contains(".p"))) {
            refusals.close(scope, one);
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
