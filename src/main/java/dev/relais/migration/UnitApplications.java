package dev.relais.migration;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What Unit's applications in PHP, and the paths that lead to them, say of a site. Not thread-safe. */
final class UnitApplications {
    private final SourceFile source;
    private final Json config;
    private final SiteDraft site;
    private final Set<String> fronts = new LinkedHashSet<>();
    private final Set<String> told = new LinkedHashSet<>();
    private boolean anyScript;
    private boolean onlyThese;
    private boolean sharesFiles;

    UnitApplications(SourceFile source, Json config, SiteDraft site) {
        this.source = source;
        this.config = config;
        this.site = site;
    }

    private Origin origin(Json at, String text) {
        return new Origin(source.name(), at.line(), text, text + ": " + at);
    }

    /** All scripts but those that were named before are refused. */
    void onlyThese() {
        onlyThese = true;
    }

    void sharesFiles() {
        sharesFiles = true;
    }

    /** @param uris patterns of the paths that go there; empty for all */
    void pass(String pass, Origin origin, List<String> uris) {
        String[] parts = pass.split("/", -1);
        Json applications = config.get("applications");
        Json application = applications == null || parts.length < 2 || !parts[0].equals("applications")
                ? null
                : applications.get(parts[1]);
        Json targets = application == null ? null : application.get("targets");
        Json target =
                application == null ? null : parts.length < 3 || targets == null ? application : targets.get(parts[2]);
        if (application == null || target == null || !application.text("type").matches("php.*")) {
            site.notes.lost(origin, "it leads to no application in PHP");
            return;
        }
        if (told.add(parts[1])) {
            application(application);
        }
        String root = target.text("root").replaceFirst("/+$", "");
        if (site.root == null) {
            site.root = root;
        }
        String below = root.startsWith(site.root + "/") ? root.substring(site.root.length()) : "";
        if (below.isEmpty() && !root.equals(site.root)) {
            site.notes.lost(origin, "a site has one folder; write a site with mount and root: " + root);
            return;
        }
        if (!target.text("index").isEmpty() && uris.isEmpty()) {
            site.index = List.of(target.text("index"));
        }
        if (target.text("script").isEmpty()) {
            direct(uris);
        } else {
            front(below + "/" + target.text("script").replaceFirst("^/+", ""), uris, origin);
        }
    }

    private void direct(List<String> uris) {
        if (uris.isEmpty()) {
            anyScript = true;
        }
        uris.forEach(this::script);
    }

    /** A pattern of paths that lead to the scripts that they name. */
    void script(String uri) {
        if (Stars.isAnyScript(uri)) {
            anyScript = true;
            return;
        }
        PathGlobs globs = Stars.globs(List.of(uri.replaceFirst("\\.php(/?\\*)$", ".php")));
        if (uri.contains(".php") && globs != null && !globs.isAll()) {
            site.scriptList.addAll(globs.globs());
        }
    }

    private void front(String script, List<String> uris, Origin origin) {
        fronts.add(script);
        if (uris.isEmpty()) {
            site.fallback = script;
            return;
        }
        PathGlobs globs = Stars.globs(uris);
        if (globs == null || globs.isAll()) {
            site.notes.lost(origin, "paths has no words for it");
            return;
        }
        for (String glob : globs.globs()) {
            PathDraft path = site.path(glob);
            path.fallback = path.fallback == null ? script : path.fallback;
        }
    }

    private void application(Json application) {
        application.entries().forEach((name, value) -> {
            switch (name) {
                case "type", "targets", "root", "script", "index" -> {}
                case "environment" ->
                    value.entries().forEach((variable, text) -> {
                        String refusal = Variables.refusal(variable, String.valueOf(text.text()));
                        if (refusal == null) {
                            site.variables.put(variable, String.valueOf(text.text()));
                        } else {
                            site.notes.lost(origin(text, variable), refusal);
                        }
                    });
                case "limits" -> {
                    if (value.text("timeout").matches("[1-9][0-9]{0,6}")) {
                        site.timeout = value.text("timeout") + "s";
                    }
                    if (value.get("requests") != null) {
                        site.notes.needless(origin(value, name), "see relais.recycle.requests");
                    }
                }
                case "processes", "working_directory", "stdout", "stderr" ->
                    site.notes.needless(origin(value, name), "Relais has its own limits, buffers and processes");
                case "user", "group" ->
                    site.notes.lost(origin(value, name), "all sites have the user of Relais' workers");
                case "options" ->
                    value.entries().forEach((kind, settings) -> {
                        if (kind.equals("file")) {
                            site.notes.lost(
                                    origin(settings, "options.file"),
                                    "PHP's own php.ini holds; see relais.workers.php-settings");
                        }
                        settings.entries()
                                .forEach((setting, text) -> PhpSettings.set(
                                        site, origin(text, setting), setting, String.valueOf(text.text())));
                    });
                case "isolation" -> site.notes.guard(origin(value, name), "Relais has no namespaces of its own");
                default -> site.notes.lost(origin(value, name), "there is no key for it");
            }
        });
    }

    /** What becomes of scripts, now that all steps are known. */
    void end() {
        if (site.root == null) {
            site.fallback = null;
            return;
        }
        boolean some = onlyThese || !anyScript;
        if (some) {
            fronts.forEach(script -> site.scriptList.add(script.substring(1)));
            if (site.scriptList.isEmpty()) {
                site.scripts = "none";
            }
            site.missingScripts = onlyThese || site.scriptList.isEmpty() ? null : "fallback";
        } else {
            site.scriptList.clear();
        }
        if (!sharesFiles && !fronts.isEmpty()) {
            site.notes.different(
                    new Origin(source.name(), 1, "share", "no share"), "files that are there are sent as they are");
        }
    }
}
