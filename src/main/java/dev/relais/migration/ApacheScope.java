package dev.relais.migration;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a section of a configuration for Apache is about.
 *
 * @param path what is said of it
 * @param globs that cover it; empty for the whole site, null when patterns cannot say it
 * @param regex finds it; null when there is none
 * @param apart patterns that have what is said when the section ends, since there is no single one for it; empty when the site has it at once
 */
record ApacheScope(
        Supplier<PathDraft> path,
        @Nullable List<String> globs,
        @Nullable String regex,
        List<String> apart) {
    static ApacheScope whole(SiteDraft site) {
        return new ApacheScope(() -> site, List.of(), null, List.of());
    }

    static ApacheScope of(SiteDraft site, @Nullable PathGlobs globs, @Nullable String regex) {
        if (globs == null || globs.isAll()) {
            return new ApacheScope(PathDraft::new, null, regex, List.of());
        }
        List<String> folded = globs.folded();
        if (folded.size() == 1) {
            String key = folded.get(0);
            return new ApacheScope(() -> site.path(key), globs.globs(), regex, List.of());
        }
        PathDraft shared = new PathDraft();
        return new ApacheScope(() -> shared, globs.globs(), regex, folded);
    }

    boolean isWhole() {
        return globs != null && globs.isEmpty();
    }

    /** Gives what was said to each of its patterns, before what sections above said of the same one. */
    void end(SiteDraft site) {
        for (String glob : apart) {
            PathDraft both = new PathDraft();
            both.fillFrom(path.get());
            both.fillFrom(site.path(glob));
            site.paths.put(glob, both);
        }
    }
}
