package dev.relais.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file and its ctime, which is the time of its last change of any kind, even of a move.
 *
 * @param key device and inode
 */
record Inode(Object key, FileTime changed, Instant seen) {
    /** Coarser than the clock by which Linux stamps inodes (a tick: 1 to 10 ms). */
    static final Duration TICK = Duration.ofMillis(20);

    static Inode of(Path real, Instant now) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(real, "unix:fileKey,ctime", LinkOption.NOFOLLOW_LINKS);
        return new Inode(
                Objects.requireNonNull(attributes.get("fileKey")),
                (FileTime) Objects.requireNonNull(attributes.get("ctime")),
                now);
    }

    /** Whether a later change would show. A change within the same tick of the clock leaves the same time. */
    boolean isSettled() {
        return Duration.between(changed.toInstant(), seen).abs().compareTo(TICK) > 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Inode inode && inode.key.equals(key) && inode.changed.equals(changed);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }
}
