package dev.relais.functions;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a symlink may lead: into the functions directory, or into a directory that the operator allowed. All paths are real, so
 * neither {@code ..} nor a chain of links gets round it.
 */
final class LinkRule {
    private final List<Path> roots = new ArrayList<>();

    /** An allowed path may be a link itself, and is followed anew each time. */
    LinkRule(Path root, List<Path> allowed, Traces traces, Warnings warnings) {
        roots.add(root);
        for (Path path : allowed) {
            Path real = traces.follow(path.toAbsolutePath());
            if (real == null) {
                warnings.add(
                        "relais.functions.allow-symlinks-to", path, "no such directory, so no symlink may lead there");
            } else {
                roots.add(real);
            }
        }
    }

    /** @param real a real path */
    boolean admits(Path real) {
        return within(real, roots);
    }

    static boolean within(Path real, List<Path> folders) {
        return containing(real, folders) != null;
    }

    /** The innermost of the folders that a path is in; null when it is in none. */
    static @Nullable Path containing(Path real, List<Path> folders) {
        Path found = null;
        for (Path folder : folders) {
            if (real.startsWith(folder) && (found == null || folder.startsWith(found))) {
                found = folder;
            }
        }
        return found;
    }
}
