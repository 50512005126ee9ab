package dev.relais.functions;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which scripts the next generation may preload: those of functions that want it, where they will be. Immutable.
 *
 * @param places the folders of these functions, or their scripts, and where their symlinks may lead: as they are now, and as they will be
 * @param everywhere whether what lies elsewhere may be preloaded, too: only one function can have used it, and it stays in its place
 */
public record Preloadable(Map<Path, Path> places, boolean everywhere) {
    /** Whether a function wants it. */
    public static boolean isWanted(FunctionRegistry registry) {
        for (PhpFunction function : registry.all()) {
            if (function.settings().preload()) {
                return true;
            }
        }
        return false;
    }

    /**
     * The rule for a switch from one registry to another one.
     *
     * @return null when no function wants it, and where files change without a switch, which would not show in preloaded classes
     */
    public static @Nullable Preloadable of(FunctionRegistry now, Candidate candidate) {
        return candidate.tree() == null ? null : of(now, candidate.registry());
    }

    static @Nullable Preloadable of(FunctionRegistry now, FunctionRegistry next) {
        Map<Path, Path> places = new LinkedHashMap<>();
        boolean inPlace = true;
        for (PhpFunction function : next.all()) {
            PhpFunction former = now.get(function.name());
            if (function.settings().preload() && former != null && former.folder() == function.folder()) {
                places.put(place(former), place(function));
                function.settings().allowSymlinksTo().forEach(folder -> places.put(folder, folder));
                inPlace &= former.scriptFilename().equals(function.scriptFilename());
            }
        }
        return places.isEmpty() ? null : new Preloadable(Map.copyOf(places), inPlace && next.size() == 1);
    }

    private static Path place(PhpFunction function) {
        Path script = Path.of(function.scriptFilename());
        return function.folder() ? Objects.requireNonNull(script.getParent()) : script;
    }

    /**
     * Where a script that was used will be, if it may be preloaded; otherwise null.
     *
     * @param used its real path
     */
    public @Nullable Path successor(Path used) {
        for (Map.Entry<Path, Path> place : places.entrySet()) {
            if (used.startsWith(place.getKey())) {
                return place.getValue().resolve(place.getKey().relativize(used)).normalize();
            }
        }
        return everywhere ? used : null;
    }
}
