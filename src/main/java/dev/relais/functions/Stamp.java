package dev.relais.functions;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What tells, without reading it, that a file or directory is not the one it was.
 *
 * @param fileKey device and inode; null where the file system has none
 * @param modified the time of the last change, as exact as the file system keeps it
 * @param size in bytes; a directory's says nothing and harms nothing
 */
record Stamp(@Nullable Object fileKey, FileTime modified, long size) {
    /** Coarser than any file system's clock (FAT: 2 s), like the racy window of git's index. */
    private static final Duration RACY = Duration.ofSeconds(2);

    static Stamp of(BasicFileAttributes attributes) {
        return new Stamp(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
    }

    /** Short, for operators. */
    String version() {
        return Integer.toHexString(hashCode());
    }

    /**
     * Whether something may still change behind this stamp: a second change within the file system's clock tick leaves the same
     * time. A time far in the future (an unpacked archive) counts as settled, else it would be looked at for ever.
     */
    boolean racy(Instant now) {
        return Duration.between(modified.toInstant(), now).abs().compareTo(RACY) < 0;
    }
}
