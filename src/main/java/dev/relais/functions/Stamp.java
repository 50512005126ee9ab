package dev.relais.functions;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Attributes by which a changed file or directory is recognised without reading it.
 *
 * @param fileKey device and inode; null where the file system has none
 * @param modified the time of the last change, as exact as the file system keeps it
 * @param size in bytes; for a directory it has no meaning and does no harm
 */
record Stamp(@Nullable Object fileKey, FileTime modified, long size) {
    /** Coarser than the clock of any file system (FAT has 2 s), as in git's rule for racily clean index entries. */
    private static final Duration RACY = Duration.ofSeconds(2);

    static Stamp of(BasicFileAttributes attributes) {
        return new Stamp(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
    }

    /** A short text for operators. */
    String version() {
        return Integer.toHexString(hashCode());
    }

    /**
     * Whether the file may still change without a change of this stamp, since a second change within one tick of the file
     * system's clock leaves the same time. A time far in the future, as from an unpacked archive, counts as settled, because
     * the file would otherwise be checked for ever.
     */
    boolean racy(Instant now) {
        return Duration.between(modified.toInstant(), now).abs().compareTo(RACY) < 0;
    }
}
