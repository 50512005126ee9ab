package dev.relais.functions;

import dev.relais.sites.Application;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds a site back until PHP knows its settings for the folder, where files come into force by themselves: on the workers of before, its
 * scripts would have the settings and the sessions of all. The site as it was is served meanwhile, if it is at the same hosts and mount;
 * otherwise the site waits, and its requests are refused. Any thread.
 */
final class HeldSites {
    private FunctionRegistry loaded = FunctionRegistry.empty();
    private FunctionRegistry serving = FunctionRegistry.empty(); // whose settings the serving workers know
    private @Nullable FunctionRegistry told; // whose settings workers know that start now; null before any

    /** Workers that start from now on know the settings of these sites. */
    synchronized void told(FunctionRegistry registry) {
        told = registry;
    }

    /**
     * The functions are loaded for the first time. The first workers know what was told before.
     *
     * @return what of them may be in force
     */
    synchronized FunctionRegistry start(FunctionRegistry registry) {
        serving = told == null ? registry : told;
        return load(registry);
    }

    /** @return what of them may be in force */
    synchronized FunctionRegistry load(FunctionRegistry registry) {
        loaded = registry;
        return admitted();
    }

    /**
     * Workers serve from now on that have started for these functions. They may be others than those that were loaded last.
     *
     * @return what may be in force; null when nothing was told for these workers, so that nothing is different
     */
    synchronized @Nullable FunctionRegistry serve(FunctionRegistry registry) {
        if (registry != told) {
            return null;
        }
        serving = registry;
        return admitted();
    }

    /** All functions as they were loaded last, whether they may be in force or not. */
    synchronized FunctionRegistry loaded() {
        return loaded;
    }

    private FunctionRegistry admitted() {
        if (!loaded.hasSites() || loaded == serving) {
            return loaded;
        }
        Map<Path, String> wanted = sections(loaded);
        Map<Path, String> known = sections(serving);
        List<PhpFunction> all = new ArrayList<>(loaded.size());
        Set<String> waiting = new HashSet<>();
        for (PhpFunction function : loaded.all()) {
            Application site = function.isSite() ? function.application() : null;
            if (site == null || Objects.equals(wanted.get(site.root()), known.get(site.root()))) {
                all.add(function);
                continue;
            }
            PhpFunction former = serving.get(function.name());
            if (former != null && isAtSamePlace(former, function)) {
                all.add(former);
            } else {
                all.add(function);
                waiting.add(function.name());
            }
        }
        return FunctionRegistry.of(all, waiting);
    }

    private static boolean isAtSamePlace(PhpFunction one, PhpFunction other) {
        Application first = Objects.requireNonNull(one.application());
        Application second = Objects.requireNonNull(other.application());
        return first.mount().equals(second.mount())
                && Objects.requireNonNull(first.site())
                        .hosts()
                        .equals(Objects.requireNonNull(second.site()).hosts());
    }

    /** Which site's sessions a folder has matters here, and not where they are. */
    private static Map<Path, String> sections(FunctionRegistry registry) {
        return SiteIni.sections(registry, Path::of);
    }
}
