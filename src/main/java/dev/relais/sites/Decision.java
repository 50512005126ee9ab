package dev.relais.sites;

import com.google.re2j.Matcher;
import dev.relais.FileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order of decisions for one request, of which the first that is one counts:
 *
 * <ol>
 *   <li>a client that the site does not admit is refused; so it is by each later step that finds a path with its own
 *       {@code allow-from};
 *   <li>the first of the {@code rules} that fits: a redirect, a refusal, or another path, about which no rule is asked again;
 *   <li>what is internal, and what is never served or denied, is not there;
 *   <li>the first segment that is a script on the disk runs, with the rest as PATH_INFO; one that is missing or may not run is 404, or
 *       the fallback's ({@code missing-scripts});
 *   <li>a file is sent;
 *   <li>a folder with an index is that index; without a slash at its end it is redirected;
 *   <li>the fallback answers, or nothing does.
 * </ol>
 *
 * What is found on the disk is judged once more by its real path, and an error may have a page of the site in its place. Serves for one request, on one thread, and blocks.
 */
final class Decision {
    private static final String EXTENSION = ".php";

    private final Application application;
    private final PathRules rules;
    private final Path root;
    private Asked asked;
    private PathSettings settings;

    Decision(Application application, Asked asked) {
        this.application = application;
        this.rules = application.rules();
        this.root = application.root();
        this.asked = asked;
        this.settings = rules.all();
    }

    Place place() {
        Place found = decide();
        return switch (found.kind()) {
            case SCRIPT -> maintained(found);
            case FILE -> asked.reads() ? found : page(Place.refused(405, found.settings()));
            case NONE, DENIED, REFUSED, OUTSIDE, UNNAMEABLE -> page(found);
            case REDIRECT -> found;
        };
    }

    /** What answers when the file that was found cannot be sent. */
    Place instead(Place file, int status) {
        return page(Place.refused(status, file.settings()));
    }

    /** A script runs neither where it is worked on, nor for a path where something is. */
    private Place maintained(Place script) {
        PathSettings own = script.settings().maintenance() ? script.settings() : settings;
        return own.maintenance() ? page(Place.refused(503, own)) : script;
    }

    /** What the site sends in the place of an error, if it is there; an error with it is no other one. */
    private Place page(Place error) {
        String path = error.settings().errorPages().get(error.status());
        try {
            if (path == null || !Files.isRegularFile(at(path))) {
                return error;
            }
            boolean isScript = path.endsWith(EXTENSION);
            if (isScript && error.settings().maintenance()) {
                return error;
            }
            Place page = isScript ? front(path, "", asked.query()) : file(path, at(path).toRealPath());
            return page != null && (page.kind() == Place.Kind.FILE || page.kind() == Place.Kind.SCRIPT)
                    ? page.insteadOf(error)
                    : error;
        } catch (IOException | InvalidPathException e) {
            return error;
        }
    }

    private Place decide() {
        if (!FileNames.canName(asked.path())) {
            return Place.unnameable(settings);
        }
        if (!settings.admit(asked.client())) {
            return Place.refused(403, settings);
        }
        if (asked.path().isEmpty()) {
            return toSlash();
        }
        Place ruled = asked.internal() ? null : byRules();
        if (ruled != null) {
            return ruled;
        }
        settings = rules.at(asked.path());
        if (settings.internal() && !asked.internal()) {
            return Place.none(settings);
        }
        if (!settings.admit(asked.client())) {
            return Place.refused(403, settings);
        }
        Place found = onDisk();
        return found != null ? found : fallback();
    }

    /** Null when no rule ends the request; a rewrite has changed the path. */
    private @Nullable Place byRules() {
        for (Rule rule : rules.rules()) {
            Matcher match = rule.match().matcher(asked.path());
            if (!match.find()
                    || !rule.hosts().isEmpty() && !rule.hosts().contains(asked.host())
                    || rule.whenMissing() && isThere()) {
                continue;
            }
            Template to = rule.to();
            if (to == null) {
                return Place.refused(rule.status(), settings);
            }
            String target = to.fill(asked, match, isMounted());
            if (rule.status() != 0) {
                return Place.redirect(to.isAbsolute() ? target : onThisHost(target), rule.status(), settings);
            }
            Asked rewritten = asked.parser().read(target, asked);
            if (rewritten == null) {
                return Place.none(settings);
            }
            asked = rewritten;
            return null;
        }
        return null;
    }

    private boolean isMounted() {
        return !application.mount().isEmpty();
    }

    /** A target with one slash at its begin: with two it would be a URL of another host. */
    private String onThisHost(String target) {
        int slashes = 0;
        while (slashes < target.length() && (target.charAt(slashes) == '/' || target.charAt(slashes) == '\\')) {
            slashes++; // browsers take a backslash for a slash
        }
        return application.mount() + "/" + target.substring(slashes);
    }

    /** Whether a file, a folder or a script with something behind it is at the path. */
    private boolean isThere() {
        if (asked.hasEncodedSlash()) {
            return false;
        }
        try {
            return Files.exists(at(asked.path()))
                    || ScriptWalk.end(asked.path(), asked.encodedSlash(), application::at) > 0;
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private @Nullable Place onDisk() {
        String path = asked.path();
        try {
            int end = ScriptWalk.end(path, asked.encodedSlash(), application::at);
            if (end > 0) {
                Place script = script(path.substring(0, end), path.substring(end));
                return script != null ? script : missing();
            }
            String rule = rules.deny().refusal(path);
            if (rule != null) {
                return Place.denied(rule, settings);
            }
            return end < 0 ? missing() : other();
        } catch (IOException | InvalidPathException e) {
            return null; // it is not there, is not readable, or is no name that a file could have
        }
    }

    /** What becomes of a script that is not there, or may not run. */
    private @Nullable Place missing() {
        return settings.missingGoesToFallback() ? null : Place.none(settings);
    }

    /** A script that is there; null when it may not run. */
    private @Nullable Place script(String script, String pathInfo) throws IOException {
        PathSettings own = rules.at(script);
        String rule = rules.deny().refusalOfScript(script, true);
        if (rule != null) {
            return Place.denied(rule, own);
        }
        if (own.internal() || !own.scriptsOrDefault().allow(script)) {
            return null;
        }
        if (!own.admit(asked.client())) {
            return Place.refused(403, own);
        }
        Path real = at(script).toRealPath();
        return judged(real, true, Place.script(real, script, pathInfo, asked.query(), own));
    }

    private @Nullable Place other() throws IOException {
        String path = asked.path();
        if (asked.hasEncodedSlash()) {
            return null; // an encoded slash does not separate a folder from its file
        }
        Path real = at(path).toRealPath();
        // By its name again: where a link leads elsewhere since, what it led to may be gone.
        BasicFileAttributes attributes = Files.readAttributes(at(path), BasicFileAttributes.class);
        if (attributes.isDirectory()) {
            return folder(path.endsWith("/") ? path : path + "/");
        }
        return attributes.isRegularFile() && !path.endsWith("/") ? file(path, real) : null;
    }

    private @Nullable Place file(String path, Path real) {
        PathSettings own = path.equals(asked.path()) ? settings : rules.at(path);
        String rule = rules.deny().refusalOfFile(path, true);
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (rule != null || !own.admit(asked.client())) {
            return rule != null ? Place.denied(rule, own) : Place.refused(403, own);
        }
        return judged(real, false, Place.file(real, name, own));
    }

    /** @param slashed the path of the folder */
    private @Nullable Place folder(String slashed) throws IOException {
        for (String index : settings.indexOrDefault()) {
            String path = slashed + index;
            if (!Files.isRegularFile(at(path))) {
                continue;
            }
            if (!index.endsWith(EXTENSION)) {
                return isSlashed() ? file(path, at(path).toRealPath()) : toSlash();
            }
            Place script = path.equals(settings.fallbackOrDefault().path())
                    ? front(path, "", asked.query())
                    : script(path, "");
            if (script != null) {
                return isSlashed() ? script : toSlash();
            }
        }
        return null;
    }

    private boolean isSlashed() {
        return asked.path().endsWith("/");
    }

    /** The relative links of a folder's index need the slash at the end. A form that is sent again stays one (RFC 9110 15.4.9). */
    private Place toSlash() {
        StringBuilder location = new StringBuilder();
        Encoding.path(application.mount() + asked.path(), Integer.MAX_VALUE, location);
        location.append('/');
        if (!asked.query().isEmpty()) {
            location.append('?').append(asked.query());
        }
        return Place.redirect(location.toString(), asked.reads() ? 301 : 308, settings);
    }

    /** What answers where nothing is. If it is not there itself, nothing is tried in its place. */
    private Place fallback() {
        Fallback fallback = settings.fallbackOrDefault();
        String path = fallback.path();
        Template query = fallback.query();
        try {
            if (path == null || !Files.isRegularFile(at(path))) {
                return Place.none(settings);
            }
            if (fallback.isScript()) {
                Place front = front(
                        path,
                        fallback.passesPath() ? asked.path() : "",
                        query == null ? asked.query() : queryOf(query.fill(asked, null, isMounted())));
                return front == null ? Place.none(settings) : front;
            }
            Place file = file(path, at(path).toRealPath());
            return file == null ? Place.none(settings) : file;
        } catch (IOException | InvalidPathException e) {
            return Place.none(settings);
        }
    }

    /**
     * The front controller; null when it may not run. An entry of the deny list for names in all folders, such as {@code *.php}, means the
     * other scripts.
     */
    private @Nullable Place front(String script, String pathInfo, String query) throws IOException {
        Path real = at(script).toRealPath();
        String there = application.pathOf(real);
        for (String path : there == null || there.equals(script) ? List.of(script) : List.of(script, there)) {
            PathSettings own = rules.at(path);
            String rule = rules.deny().refusalOfFallback(path);
            if (rule != null) {
                return Place.denied(rule, own);
            }
            if (own.internal() && !asked.internal() || !own.scriptsOrDefault().allow(path)) {
                return null;
            }
            if (!own.admit(asked.client())) {
                return Place.refused(403, own);
            }
        }
        PathSettings own = rules.at(script);
        return application.contains(real) ? Place.script(real, script, pathInfo, query, own) : Place.outside(real, own);
    }

    private static String queryOf(String target) {
        return target.substring(target.indexOf('?') + 1);
    }

    private Path at(String path) {
        return application.at(path);
    }

    /** Judges the real path by the same rules as the path that was asked for, so that no symlink bypasses them. */
    private @Nullable Place judged(Path real, boolean isScript, Place admitted) {
        String ownPath = application.pathOf(real);
        boolean own = ownPath != null;
        Path folder = own ? root : LinkTargets.containing(real, application.links());
        if (folder == null) {
            return Place.outside(real, admitted.settings());
        }
        // The operator has named the folder itself, so its name is not judged. For a file in its place the name is all
        // there is to judge.
        String path = ownPath != null && !ownPath.endsWith("/")
                ? ownPath
                : "/" + (real.equals(folder) ? real.getFileName() : folder.relativize(real));
        String rule = isScript
                ? rules.deny().refusalOfScript(path, own)
                : rules.deny().refusalOfFile(path, own);
        if (rule != null) {
            return Place.denied(rule, admitted.settings());
        }
        if (own && !path.equals(isScript ? admitted.script() : asked.path())) {
            PathSettings there = rules.at(path);
            if (there.internal() && !asked.internal()
                    || isScript && !there.scriptsOrDefault().allow(path)) {
                return isScript ? null : Place.none(admitted.settings());
            }
            if (!there.admit(asked.client())) {
                return Place.refused(403, there);
            }
        }
        return admitted;
    }
}
