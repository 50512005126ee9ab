package dev.relais.sites;

import java.nio.file.Path;

/**
 * Another folder for the paths below one.
 *
 * @param prefix of the paths, with a slash at both ends
 * @param root the folder's real path
 */
public record Alias(String prefix, Path root) {
    public Alias {
        if (!prefix.startsWith("/") || !prefix.endsWith("/")) {
            throw new IllegalArgumentException("not a prefix: " + prefix);
        }
    }

    /** Whether it has a path; the folder itself may be without its slash. */
    boolean has(String path) {
        return path.startsWith(prefix) || path.length() == prefix.length() - 1 && prefix.startsWith(path);
    }

    /** Where such a path is. */
    Path at(String path) {
        return path.length() <= prefix.length() ? root : root.resolve(path.substring(prefix.length()));
    }
}
