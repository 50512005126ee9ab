package dev.relais.sites;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where symlinks may lead: into some folders. All paths are real paths, so neither {@code ..} nor a chain of links bypasses the rule. */
public final class LinkTargets {
    private LinkTargets() {}

    public static boolean within(Path real, List<Path> folders) {
        return containing(real, folders) != null;
    }

    /** The innermost folder that contains a path; null when none does. */
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
