package dev.relais.functions;

import dev.relais.sites.Application;
import dev.relais.sites.Place;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One function. Its strings go into the CGI environment as they are; no part of them comes from a request.
 *
 * @param name such as {@code hello} or {@code reports/daily}: no slash at either end, case-sensitive; {@code site:name} for a site
 * @param scriptFilename the script's real path, with symlinks resolved, because opcache never notices that a symlinked script
 *     has changed
 * @param documentRoot the real path of the functions directory (or of its mirror); of an application {@link Application#documentRoot}
 * @param scriptName {@code /api/<name>}, or {@code /api/<name>/index.php} for a folder, or below a site's mount; percent-decoded (RFC 3875
 *     4.1.13)
 * @param folder whether it is a folder with an {@code index.php}
 * @param version differs when another file takes the place of this script
 * @param application the folder, when it is served as a whole; otherwise null
 * @param settings never null
 * @param resident where the application is that stays in memory; null when none does
 */
public record PhpFunction(
        String name,
        String scriptFilename,
        String documentRoot,
        String scriptName,
        boolean folder,
        String version,
        @Nullable Application application,
        FunctionSettings settings,
        @Nullable ResidentPlace resident) {
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

    /** A function or site that is not resident. */
    public PhpFunction(
            String name,
            String scriptFilename,
            String documentRoot,
            String scriptName,
            boolean folder,
            String version,
            @Nullable Application application,
            FunctionSettings settings) {
        this(name, scriptFilename, documentRoot, scriptName, folder, version, application, settings, null);
    }

    /**
     * The same function with another script of its application.
     *
     * @param place a place of the kind {@link Place.Kind#SCRIPT}
     */
    public PhpFunction withScript(Place place) {
        String other = Objects.requireNonNull(application).mount() + place.script();
        String real = place.real().toString();
        long timeout = place.settings().timeoutMillis();
        long body = place.settings().maxBodySize();
        if (other.equals(scriptName) && real.equals(scriptFilename) && timeout == 0 && body < 0) {
            return this; // so that what is kept of it can be found again
        }
        FunctionSettings own = timeout == 0 && body < 0
                ? settings
                : settings.toBuilder()
                        .timeoutMillis(timeout == 0 ? settings.timeoutMillis() : timeout)
                        .maxBodySize(body < 0 ? settings.maxBodySize() : body)
                        .build();
        return new PhpFunction(name, real, documentRoot, other, folder, version, application, own, resident);
    }

    /** Whether it is a site, which is reached by its hosts and its mount, and not by its name. */
    public boolean isSite() {
        return application != null && application.site() != null;
    }
}
