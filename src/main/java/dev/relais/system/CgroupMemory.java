package dev.relais.system;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How much memory the limits of this process' control group and of the groups above it leave (cgroups(7); versions 1 and 2).
 * What the page cache could give back counts as free. Immutable; reads block for a short time.
 */
public final class CgroupMemory {
    /** Version 1 says "no limit" with the largest multiple of the page size; no machine has half of that. */
    private static final long NONE = Long.MAX_VALUE / 2;

    private final Cgroups groups;

    /**
     * What one limit leaves free.
     *
     * @param file the file that contains the limit
     * @param limitBytes the limit
     * @param freeBytes what is left of the limit; may be negative
     */
    public record Room(Path file, long limitBytes, long freeBytes) {}

    CgroupMemory(Cgroups groups) {
        this.groups = groups;
    }

    public static CgroupMemory ofThisProcess() {
        return new CgroupMemory(Cgroups.current(HostFiles.REAL));
    }

    /** @param root the directory that stands for {@code /} */
    static CgroupMemory under(Path root) {
        return new CgroupMemory(Cgroups.current(new HostFiles(root)));
    }

    /** The limit that leaves the least; null when there is none, or none can be read. */
    public @Nullable Room room() {
        @Nullable Room least = null;
        for (Cgroups.Group group : groups.of("memory")) {
            Room room = room(group);
            least = room != null && (least == null || room.freeBytes() < least.freeBytes()) ? room : least;
        }
        return least;
    }

    /** The smallest limit in bytes; 0 when there is none, or none can be read. */
    public long limitBytes() {
        long smallest = 0;
        for (Cgroups.Group group : groups.of("memory")) {
            long limit = limit(group);
            smallest = limit > 0 && (smallest == 0 || limit < smallest) ? limit : smallest;
        }
        return smallest;
    }

    /** -1 when there is none. */
    private static long limit(Cgroups.Group group) {
        long limit = HostFiles.number(group.file("memory.limit_in_bytes", "memory.max"));
        return limit > NONE ? -1 : limit;
    }

    private static @Nullable Room room(Cgroups.Group group) {
        long limit = limit(group);
        long usage = HostFiles.number(group.file("memory.usage_in_bytes", "memory.current"));
        if (limit < 0 || usage < 0) {
            return null;
        }
        long cache = HostFiles.number(
                group.folder().resolve("memory.stat"), group.v2() ? "inactive_file" : "total_inactive_file");
        return new Room(
                group.file("memory.limit_in_bytes", "memory.max"),
                limit,
                limit - (usage - Math.min(usage, Math.max(0, cache))));
    }
}
