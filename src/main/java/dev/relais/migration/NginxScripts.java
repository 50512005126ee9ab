package dev.relais.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which scripts may run, as the locations of nginx that pass requests to PHP say it. Not thread-safe. */
final class NginxScripts {
    private static final String ANY_SCRIPT = "/some-folder/some-script.php";
    private static final Pattern ONLY_THESE = Pattern.compile("\\^(/(?:[A-Za-z0-9_.-]+/)*)\\(\\?!(.+)\\)");

    private final SiteDraft site;
    private final NginxLocations locations;
    private final List<Late> after = new ArrayList<>();
    private boolean hasRestriction;

    NginxScripts(SiteDraft site, NginxLocations locations) {
        this.site = site;
        this.locations = locations;
    }

    /**
     * A rule that is asked after those of all locations.
     *
     * @param location that has it; null for the server
     */
    record Late(RuleDraft rule, @Nullable NginxLocation location) {}

    void after(RuleDraft rule, @Nullable NginxLocation location) {
        after.add(new Late(rule, location));
    }

    List<Late> after() {
        return after;
    }

    boolean isOfPhp(NginxLocation location) {
        return location.has("fastcgi_pass") && !location.isRoot();
    }

    /** Whether it refuses the scripts that no location before it runs, which the list of those that may run does. */
    boolean isOfOtherScripts(NginxLocation location) {
        return location.isRegex()
                && NginxRefusals.isRefusal(location)
                && location.mayCover(ANY_SCRIPT)
                && !site.scriptList.isEmpty();
    }

    /** Whether it is in a location with a folder of its own, which becomes a site of its own. */
    private boolean isOfOtherFolder(NginxLocation location) {
        return location.depth() > 0
                && locations.inOrder().stream()
                        .anyMatch(outer -> !outer.isRegex()
                                && !outer.isRoot()
                                && outer.text().equals(location.prefix())
                                && (outer.has("alias") || outer.has("root")));
    }

    void read() {
        boolean all = false;
        NginxSettings settings = new NginxSettings(site);
        for (NginxLocation location : locations.inOrder()) {
            NginxLocation root = locations.root();
            if (location == root && location.has("fastcgi_pass")) {
                front(location);
            }
            if (!isOfPhp(location)) {
                continue;
            }
            if (isOfOtherFolder(location)) {
                location.said().stream()
                        .filter(one -> NginxKnown.guards(one) && !NginxRefusals.isRefusal(location))
                        .forEach(one -> NginxKnown.tell(one, site.notes));
                continue;
            }
            PathDraft path = new PathDraft();
            for (Directive one : location.said()) {
                one(one, path, settings);
            }
            path.headers.entrySet().removeIf(field -> {
                boolean hides = field.getValue() == null; // which files have not anyhow
                if (hides) {
                    Fields.put(site.headers, field.getKey(), null);
                }
                return hides;
            });
            if (path.timeout != null) {
                site.timeout = path.timeout;
                path.timeout = null;
            }
            boolean general = location.isRegex() && location.mayCover(ANY_SCRIPT) && location.mayCover("/index.php");
            if (general) {
                all = true;
            } else if (!hasRestriction) {
                only(location);
            }
            if (location.has("internal") && !general) {
                String match = Re2.of(location.regex());
                if (match == null) {
                    site.notes.guard(location.origin(), "RE2 has no word for something in its expression");
                } else {
                    site.rules.add(RuleDraft.refusal(match, 404));
                }
            }
            if (!path.isEmpty()) {
                site.paths.put(general ? "*.php" : String.join(",", site.scriptList), path);
            }
        }
        if (all && !hasRestriction) {
            site.scriptList.clear();
        }
        others(all);
    }

    private void one(Directive one, PathDraft path, NginxSettings settings) {
        switch (one.name()) {
            case "try_files" -> {
                String last = one.arg(one.args().size() - 1);
                boolean refuses = last.startsWith("=") || last.matches("\\$(uri|fastcgi_script_name)");
                site.missingScripts = refuses ? site.missingScripts : "fallback";
            }
            case "rewrite" -> rewritten(one);
            case "internal", "error_page", "root", "index", "fastcgi_pass", "alias" -> {}
            case "set" -> {
                if (!one.arg(1).matches("\\$fastcgi_path_info")) {
                    NginxKnown.tell(one, site.notes);
                }
            }
            case "if" -> {
                if (!one.joined().matches("\\(\\s*!-[fe] .*") || !NginxKnown.guardsSomewhere(one)) {
                    NginxKnown.tell(one, site.notes);
                }
            }
            case "add_header",
                    "expires",
                    "fastcgi_param",
                    "fastcgi_read_timeout",
                    "fastcgi_request_buffering",
                    "fastcgi_hide_header" -> settings.take(one, path, List.of("*.php"));
            default -> {
                if (!settings.take(one, new PathDraft(), List.of("*.php"))) {
                    NginxKnown.tell(one, site.notes);
                }
            }
        }
    }

    /** A rewrite of all scripts but some to the front controller: these alone may run. */
    private void rewritten(Directive one) {
        Matcher these = ONLY_THESE.matcher(one.arg(0));
        PathGlobs globs = these.matches()
                ? PathGlobs.ofRegex("^" + these.group(1) + "(?:" + these.group(2) + ")[^/]*\\.php$")
                : null;
        boolean isFront = these.matches() && one.arg(1).startsWith(these.group(1) + "index.php");
        if (globs == null || globs.isAll() || !isFront) {
            site.notes.lost(one.origin(), "its expression has what rules have no word for");
            return;
        }
        site.scriptList.addAll(globs.globs());
        site.missingScripts = "fallback";
        hasRestriction = true;
    }

    private void only(NginxLocation location) {
        PathGlobs globs = location.globs();
        if (globs == null || globs.isAll()) {
            site.notes.guard(location.origin(), "scripts has no words for its expression; all scripts run");
            hasRestriction = false;
            return;
        }
        for (String glob : globs.globs()) {
            String script = glob.endsWith(".php*") ? glob.substring(0, glob.length() - 1) : glob;
            script = script.endsWith(".php/") ? script.substring(0, script.length() - 1) : script;
            if (script.contains(".php")) {
                site.scriptList.add(script);
            } else if (location.kind() == NginxLocation.Kind.EXACT) {
                constant(location);
            } else {
                site.notes.lost(
                        location.origin(), "all of its paths go to PHP, which rules and fallback alone can say");
            }
        }
        if (!globs.isExact()) {
            site.notes.guard(
                    location.origin(), "scripts has no exact words for its expression; look at whether more may run");
        }
    }

    /** A path without .php that is one script. */
    private void constant(NginxLocation location) {
        String script = script(location);
        if (script == null) {
            site.notes.lost(location.origin(), "its script is not known");
        } else {
            site.rules.add(RuleDraft.rewrite(location.regex(), script));
            site.scriptList.add(script.substring(1));
        }
    }

    /** PHP for all paths: one script, before all files. */
    private void front(NginxLocation location) {
        String script = script(location);
        if (script != null) {
            site.fallback = script;
        }
        site.notes.different(
                location.origin(), "files that are there are sent as they are, and all else goes to the fallback");
    }

    private static @Nullable String script(NginxLocation location) {
        for (Directive one : location.own()) {
            if (one.is("fastcgi_param") && one.arg(0).equals("SCRIPT_FILENAME")) {
                String script = one.arg(1).replaceFirst("^\\$(document_root|realpath_root)/?", "/");
                return script.matches("/[^$\\s]+\\.php") ? script : null;
            }
        }
        return null;
    }

    /** What becomes of scripts that no location runs. */
    private void others(boolean all) {
        boolean refused = locations.inOrder().stream().anyMatch(this::isOfOtherScripts);
        if (site.scriptList.isEmpty()) {
            boolean none = !all && locations.inOrder().stream().noneMatch(location -> location.has("fastcgi_pass"));
            if (none && site.root != null) {
                site.scripts = "none";
            }
            return;
        }
        String fallback = site.fallback == null ? "" : site.fallback.replaceFirst("[{?].*", "");
        if (fallback.endsWith(".php") && site.scriptList.stream().noneMatch(glob -> ("/" + glob).equals(fallback))) {
            boolean wild = site.scriptList.stream()
                    .anyMatch(
                            glob -> fallback.startsWith("/" + glob.replaceFirst("[*?{].*", "")) && glob.contains("*"));
            if (!wild) {
                site.scriptList.add(fallback.substring(1));
            }
        }
        if (!refused && !all && !hasRestriction) {
            site.missingScripts = "fallback";
            locations.inOrder().stream()
                    .filter(this::isOfPhp)
                    .findFirst()
                    .ifPresent(location -> site.notes.different(
                            location.origin(), "nginx sends the source of other .php files; Relais never does"));
        }
    }
}
