package dev.relais.functions;

import dev.relais.sites.LinkTargets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The rule on where a symlink may lead: into the functions directory, or into a directory that the operator allowed. All paths
 * are real paths, so neither {@code ..} nor a chain of links bypasses it.
 */
final class LinkRule {
    private final List<Path> roots = new ArrayList<>();

    /** Follows each allowed path, which may be a symlink itself. */
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
        return LinkTargets.within(real, roots);
    }
}
