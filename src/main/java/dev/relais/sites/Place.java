package dev.relais.sites;

import dev.relais.FileNames;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a path leads to. Components that do not belong to its kind are null.
 *
 * @param file the real path of the file or script, or of the target outside the allowed folders
 * @param name the name of the file by which it was asked for, which decides its media type
 * @param script the script's path below the folder, such as {@code /lib/exe/css.php}
 * @param pathInfo what the script gets as PATH_INFO (RFC 3875 4.1.5)
 * @param query what the script gets as its query
 * @param location where a redirect leads: a path below the mount with its query, or a whole URL
 * @param status of a redirect or a refusal, or of the error in whose place the file or the script is; otherwise 0
 * @param rule the rule that refuses the path, in words for the log
 * @param settings what holds at the path
 */
public record Place(
        Kind kind,
        @Nullable Path file,
        @Nullable String name,
        @Nullable String script,
        @Nullable String pathInfo,
        @Nullable String query,
        @Nullable String location,
        int status,
        @Nullable String rule,
        PathSettings settings) {
    /** What a path leads to. */
    public enum Kind {
        /** A static file. */
        FILE,
        /** A script. */
        SCRIPT,
        /** The client has to ask for another target. */
        REDIRECT,
        /** Nothing answers. */
        NONE,
        /** A rule refuses the path with its status. */
        REFUSED,
        /** The path is never served. */
        DENIED,
        /** A symlink leads to a place that is not allowed. */
        OUTSIDE,
        /** This process cannot pass such a name to the file system ({@link dev.relais.FileNames}). */
        UNNAMEABLE
    }

    static Place file(Path real, String name, PathSettings settings) {
        return new Place(Kind.FILE, real, name, null, null, null, null, 0, null, settings);
    }

    static Place script(Path real, String script, String pathInfo, String query, PathSettings settings) {
        return new Place(Kind.SCRIPT, real, null, script, pathInfo, query, null, 0, null, settings);
    }

    static Place redirect(String location, int status, PathSettings settings) {
        return new Place(Kind.REDIRECT, null, null, null, null, null, location, status, null, settings);
    }

    static Place refused(int status, PathSettings settings) {
        return new Place(Kind.REFUSED, null, null, null, null, null, null, status, null, settings);
    }

    static Place denied(String rule, PathSettings settings) {
        return new Place(Kind.DENIED, null, null, null, null, null, null, 404, rule, settings);
    }

    static Place outside(Path real, PathSettings settings) {
        String rule = "a symlink leads to " + real + "; allow-symlinks-to would allow it";
        return new Place(Kind.OUTSIDE, real, null, null, null, null, null, 403, rule, settings);
    }

    static Place unnameable(PathSettings settings) {
        return new Place(Kind.UNNAMEABLE, null, null, null, null, null, null, 500, FileNames.PROBLEM, settings);
    }

    static Place none(PathSettings settings) {
        return new Place(Kind.NONE, null, null, null, null, null, null, 404, null, settings);
    }

    /** Whether it is the script that is at this path, with what follows it as its PATH_INFO, or the one that is the index of the folder there. */
    public boolean isScriptAt(String path) {
        if (kind != Kind.SCRIPT || script == null) {
            return false;
        }
        return path.endsWith("/") && script.startsWith(path)
                ? script.indexOf('/', path.length()) < 0
                : path.equals(script + pathInfo);
    }

    /** The same script for a request with this query. */
    public Place asking(String other) {
        return new Place(kind, file, name, script, pathInfo, other, location, status, rule, settings);
    }

    /** The same file or script in the place of an error. */
    Place insteadOf(Place error) {
        return new Place(kind, file, name, script, pathInfo, query, location, error.status, error.rule, error.settings);
    }

    /** The real path of the file, the script or what is outside; only when this is one of them. */
    public Path real() {
        return Objects.requireNonNull(file);
    }
}
