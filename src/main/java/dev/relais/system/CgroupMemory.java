package dev.relais.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much memory the limits of this process' control group and of the groups above it leave (cgroups(7); versions 1 and 2).
 * What the page cache could give back counts as free. Immutable; reads block for a short time.
 */
public final class CgroupMemory {
    /** Version 1 says "no limit" with the largest multiple of the page size; no machine has half of that. */
    private static final long NONE = Long.MAX_VALUE / 2;

    private final Path root;

    /**
     * What one limit leaves free.
     *
     * @param file the file that contains the limit
     * @param limitBytes the limit
     * @param freeBytes what is left of the limit; may be negative
     */
    public record Room(Path file, long limitBytes, long freeBytes) {}

    /** The names of the files of one version. */
    private record Names(String limit, String usage, String inactive) {
        static final Names V1 = new Names("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file");
        static final Names V2 = new Names("memory.max", "memory.current", "inactive_file");
    }

    private CgroupMemory(Path root) {
        this.root = root;
    }

    public static CgroupMemory ofThisProcess() {
        return new CgroupMemory(Path.of("/"));
    }

    /** @param root the directory that stands for {@code /} */
    static CgroupMemory under(Path root) {
        return new CgroupMemory(root);
    }

    /** The limit that leaves the least; null when there is none, or none can be read. */
    public @Nullable Room room() {
        @Nullable Room least = null;
        for (String line : lines("proc/self/cgroup")) {
            String[] fields = line.split(":", 3); // cgroups(7): number, controllers, path
            boolean v2 = fields.length == 3 && fields[0].equals("0") && fields[1].isEmpty();
            boolean v1 = fields.length == 3 && List.of(fields[1].split(",")).contains("memory");
            if (v1 || v2) {
                Room room = room(fields[2], v2 ? Names.V2 : Names.V1, v2);
                least = room != null && (least == null || room.freeBytes() < least.freeBytes()) ? room : least;
            }
        }
        return least;
    }

    private @Nullable Room room(String group, Names names, boolean v2) {
        @Nullable Room least = null;
        for (String line : lines("proc/self/mountinfo")) {
            String[] halves =
                    line.split(" - ", 2); // proc(5): root and mount point are fields 4 and 5, the type is behind " - "
            String[] fields = halves[0].split(" ");
            String[] about = halves.length == 2 ? halves[1].split(" ") : new String[0];
            if (fields.length < 5 || about.length < 3 || !isMount(about, v2)) {
                continue;
            }
            Path mount = root.resolve(fields[4].substring(1)).normalize();
            @Nullable Path folder = mount.resolve(below(group, fields[3])).normalize();
            for (; folder != null && folder.startsWith(mount); folder = folder.getParent()) {
                Room room = room(folder, names);
                least = room != null && (least == null || room.freeBytes() < least.freeBytes()) ? room : least;
            }
        }
        return least;
    }

    private static boolean isMount(String[] about, boolean v2) {
        return v2
                ? about[0].equals("cgroup2")
                : about[0].equals("cgroup") && List.of(about[2].split(",")).contains("memory");
    }

    /**
     * The group's path below the mount point. A container without its own namespace sees the host's path, of which only the
     * mounted part exists.
     */
    private static String below(String group, String mounted) {
        String path = group.startsWith(mounted) ? group.substring(mounted.length()) : mounted.equals("/") ? group : "";
        return path.startsWith("/") ? path.substring(1) : path;
    }

    private static @Nullable Room room(Path folder, Names names) {
        long limit = number(folder.resolve(names.limit()));
        long usage = number(folder.resolve(names.usage()));
        if (limit < 0 || limit > NONE || usage < 0) {
            return null;
        }
        long cache = 0;
        for (String line : lines(folder.resolve("memory.stat"))) {
            if (line.startsWith(names.inactive() + " ")) {
                cache = parse(line.substring(names.inactive().length() + 1));
            }
        }
        return new Room(folder.resolve(names.limit()), limit, limit - (usage - Math.min(usage, Math.max(0, cache))));
    }

    /** The number in a file; -1 when there is no file, or no number in it but, for example, "max". */
    private static long number(Path file) {
        List<String> lines = lines(file);
        return lines.isEmpty() ? -1 : parse(lines.get(0));
    }

    private static long parse(String text) {
        return text.strip().matches("\\d{1,18}")
                ? Long.parseLong(text.strip())
                : text.matches("\\d{19,}") ? NONE + 1 : -1;
    }

    private List<String> lines(String path) {
        return lines(root.resolve(path));
    }

    /** The lines of a file; empty when it cannot be read. */
    private static List<String> lines(Path file) {
        try {
            return new ArrayList<>(List.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n")));
        } catch (IOException e) {
            return List.of();
        }
    }
}
