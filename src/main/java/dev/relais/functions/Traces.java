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
 * Records what a scan looked at, so that a poll can find out, with one stat call for each directory and each symlink, whether
 * another scan would find anything new. It is filled by the thread that scans, and read by any thread after that.
 */
final class Traces {
    private final Instant taken;
    private final Map<Path, Stamp> stamps = new HashMap<>();
    private final Map<Path, Path> links = new HashMap<>();
    private final Set<Path> unreadable = new HashSet<>();
    private boolean racy;

    /** @param taken the time at which the scan began */
    Traces(Instant taken) {
        this.taken = taken;
    }

    /**
     * Records the stamp of a path. The caller calls it before it lists the directory or reads the file, so that a change
     * meanwhile shows as a difference.
     */
    Stamp stamp(Path path) throws IOException {
        Stamp stamp = Stamp.of(Files.readAttributes(path, BasicFileAttributes.class));
        stamps.put(path, stamp);
        racy |= stamp.racy(taken);
        return stamp;
    }

    /** Records and returns where a path leads now, with symlinks resolved; null, which is recorded too, when it leads nowhere. */
    @Nullable
    Path follow(Path link) {
        Path real = real(link);
        links.put(link, real);
        return real;
    }

    /**
     * Records a path that this user may not read. Whether it has become readable is checked separately, because a chmod does
     * not change the time.
     */
    void unreadable(Path path) {
        unreadable.add(path);
    }

    /** The folders and files that were looked at. */
    Set<Path> stamped() {
        return Set.copyOf(stamps.keySet());
    }

    /** The paths that were followed to where they lead. */
    Set<Path> followed() {
        return Set.copyOf(links.keySet());
    }

    /** Whether something was looked at so soon after it had changed that another change might not show. */
    boolean isRacy() {
        return racy;
    }

    /** Whether a new scan might find something different. */
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
            return null; // it is broken, a loop, or not accessible, so it leads nowhere
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
