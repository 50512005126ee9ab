package dev.relais.sites;

import org.jspecify.annotations.Nullable;

/**
 * What answers a path at which nothing is.
 *
 * @param path of a script or a file below the root, with a slash at its begin; null when nothing answers (404)
 * @param passesPath whether the path that was asked for is the script's PATH_INFO
 * @param query what the script gets as its query, before the request's; null for the request's alone
 * @param mayBeMissing whether nothing is said when it is not there, since nobody has named it
 */
public record Fallback(
        @Nullable String path, boolean passesPath, @Nullable Template query, boolean mayBeMissing) {
    public static final Fallback NOT_FOUND = new Fallback(null, false, null, true);
    /** Where nothing is said: the folder's own front controller, if it has one. */
    public static final Fallback INDEX = new Fallback("/index.php", false, null, true);

    /**
     * Reads {@code /index.php}, {@code /index.php{path}}, {@code /doku.php?id={path}}, {@code /index.html} or {@code 404}.
     *
     * @return null when it is none of these
     */
    public static @Nullable Fallback parse(String text) {
        if (text.equals("404")) {
            return NOT_FOUND;
        }
        Template whole = Template.parse(text, null);
        String path = whole == null ? "" : whole.constantPath();
        if (whole == null || whole.isAbsolute() || !path.matches("(/(?!\\.\\.?(/|$))[^/%]+)+")) {
            return null;
        }
        String rest = text.substring(path.length());
        boolean passes = rest.startsWith("{path}");
        rest = passes ? rest.substring("{path}".length()) : rest;
        boolean isScript = path.endsWith(".php");
        if (!isScript && !(rest.isEmpty() && !passes) || !rest.isEmpty() && !rest.startsWith("?")) {
            return null;
        }
        return new Fallback(path, passes, rest.isEmpty() ? null : whole, false);
    }

    public boolean isScript() {
        return path != null && path.endsWith(".php");
    }
}
