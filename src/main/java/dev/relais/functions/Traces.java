package dev.relais.functions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a scan looked at, so that a poll can tell with one stat call for each directory and each symlink whether another scan
 * would find anything new. Filled by the thread that scans; whoever gets it from there may ask.
 */
final class Traces {
    private final Instant taken;
    private final Map<Path, Stamp> stamps = new HashMap<>();
    private final Map<Path, Path> links = new HashMap<>();
    private final Set<Path> unreadable = new HashSet<>();
    private boolean racy;

    /** @param taken the time at the begin of the scan */
    Traces(Instant taken) {
        this.taken = taken;
    }

    /** To be called before the directory is listed or the file is read: a change meanwhile then shows as a difference. */
    Stamp stamp(Path path) throws IOException {
        Stamp stamp = Stamp.of(Files.readAttributes(path, BasicFileAttributes.class));
        stamps.put(path, stamp);
        racy |= stamp.racy(taken);
        return stamp;
    }

    /** Remembers where a path leads now, symlinks resolved: null (and so traced) when nowhere. */
    @Nullable
    Path follow(Path link) {
        Path real = real(link);
        links.put(link, real);
        return real;
    }

    /** Remembers a path that this user may not read: a chmod does not change the time, so it is asked for itself. */
    void unreadable(Path path) {
        unreadable.add(path);
    }

    /** Whether a new scan might find something else. */
    boolean differ() {
        if (racy) {
            return true;
        }
        for (Map.Entry<Path, Path> link : links.entrySet()) {
            if (!Objects.equals(link.getValue(), real(link.getKey()))) {
                return true;
            }
        }
        for (Map.Entry<Path, Stamp> seen : stamps.entrySet()) {
            if (!seen.getValue().equals(now(seen.getKey()))) {
                return true;
            }
        }
        for (Path path : unreadable) {
            if (Files.isReadable(path)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Path real(Path link) {
        try {
            return link.toRealPath();
        } catch (IOException e) {
            return null; // broken, a loop, or forbidden: leads nowhere
        }
    }

    private static @Nullable Stamp now(Path path) {
        try {
            return Stamp.of(Files.readAttributes(path, BasicFileAttributes.class));
        } catch (IOException e) {
            return null;
        }
    }
}
