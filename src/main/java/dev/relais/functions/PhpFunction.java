package dev.relais.functions;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One function. Its strings go into the CGI environment as they are; no part of them comes from a request.
 *
 * @param name such as {@code hello} or {@code reports/daily}: no slash at either end, case-sensitive
 * @param scriptFilename the script's real path, with symlinks resolved, because opcache never notices that a symlinked script
 *     has changed
 * @param documentRoot the real path of the functions directory (or of its mirror)
 * @param scriptName {@code /api/<name>}, or {@code /api/<name>/index.php} for a folder; percent-decoded (RFC 3875 4.1.13)
 * @param folder whether it is a folder with an {@code index.php}
 * @param version differs when another file takes the place of this script
 * @param application the folder, when it is served as a whole; otherwise null
 * @param settings never null
 */
public record PhpFunction(
        String name,
        String scriptFilename,
        String documentRoot,
        String scriptName,
        boolean folder,
        String version,
        @Nullable Application application,
        FunctionSettings settings) {
    public PhpFunction {
        Objects.requireNonNull(settings, "settings");
        if (name.isEmpty() || name.startsWith("/") || name.endsWith("/")) {
            throw new IllegalArgumentException("not a function name: '" + name + "'");
        }
        if (!scriptFilename.startsWith("/") || !documentRoot.startsWith("/")) {
            throw new IllegalArgumentException("not absolute: " + scriptFilename + ", " + documentRoot);
        }
        if (!scriptName.startsWith("/")) {
            throw new IllegalArgumentException("scriptName=" + scriptName + ": starts with a slash");
        }
    }

    /**
     * The same function with another script of its application.
     *
     * @param place a place of the kind {@link Application.Kind#SCRIPT}
     */
    public PhpFunction withScript(Application.Place place) {
        String other = "/api/" + name + place.script();
        return new PhpFunction(
                name, place.real().toString(), documentRoot, other, folder, version, application, settings);
    }
}
