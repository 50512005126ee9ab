package dev.relais.functions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Records what a scan looked at, so that a poll can find out, with one stat call for each directory and each symlink, whether
 * another scan would find anything new. It is filled by the thread that scans, and read by any thread after that.
 */
final class Traces {
    /** One look of so many takes the real paths anew: a folder above that is moved and replaced by a link to it is seen by nothing else. */
    private static final int THOROUGH = 32;

    private final Instant taken;
    private final Map<Path, Stamp> stamps = new HashMap<>();
    private final Map<Path, Place> links = new HashMap<>();
    private final Set<Path> unreadable = new HashSet<>();
    private boolean racy;
    private int looks; // of the thread that polls

    /**
     * Where a path leads.
     *
     * @param real its real path; null when it leads nowhere
     * @param own the key of what has this path itself, which may be a symlink; null when it leads nowhere
     * @param led the key of where it leads; null when it leads nowhere
     */
    private record Place(
            @Nullable Path real,
            @Nullable Object own,
            @Nullable Object led) {
        static Place of(Path path) {
            Object own = key(path, LinkOption.NOFOLLOW_LINKS);
            Path real = real(path);
            return real == null ? new Place(null, null, null) : new Place(real, own, key(path));
        }

        /** Whether it leads where it did, as two calls of stat tell, or one when it is no symlink. */
        boolean isStill(Path path) {
            return real == null
                    ? real(path) == null
                    : own != null
                            && own.equals(key(path, LinkOption.NOFOLLOW_LINKS))
                            && (own.equals(led) || led != null && led.equals(key(path)));
        }

        private static @Nullable Object key(Path path, LinkOption... options) {
            try {
                return Files.readAttributes(path, BasicFileAttributes.class, options)
                        .fileKey();
            } catch (IOException e) {
                return null;
            }
        }

        private static @Nullable Path real(Path link) {
            try {
                return link.toRealPath();
            } catch (IOException e) {
                return null; // it is broken, a loop, or not accessible, so it leads nowhere
            }
        }
    }

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
        Place place = Place.of(link);
        links.put(link, place);
        return place.real();
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
        boolean thorough = ++looks % THOROUGH == 0;
        for (Map.Entry<Path, Place> link : links.entrySet()) {
            Place was = link.getValue();
            if (thorough ? !was.equals(Place.of(link.getKey())) : !was.isStill(link.getKey())) {
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

    private static @Nullable Stamp now(Path path) {
        try {
            return Stamp.of(Files.readAttributes(path, BasicFileAttributes.class));
        } catch (IOException e) {
            return null;
        }
    }
}
