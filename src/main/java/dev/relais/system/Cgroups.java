package dev.relais.system;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the control groups that this process belongs to (cgroups(7)). A host may have version 1, version 2, or both, with each
 * controller in one of them. Reads block for a short time. Any thread.
 */
final class Cgroups {
    private final HostFiles files;
    private final @Nullable Map<String, List<Group>> found; // by controller; null: looked for each time

    /**
     * A group of this process.
     *
     * @param folder where its files are
     * @param v2 whether it belongs to the hierarchy of version 2, whose files have other names
     */
    record Group(Path folder, boolean v2) {
        Path file(String ofV1, String ofV2) {
            return folder.resolve(v2 ? ofV2 : ofV1);
        }
    }

    private Cgroups(HostFiles files, @Nullable Map<String, List<Group>> found) {
        this.files = files;
        this.found = found;
    }

    /** The groups of each moment. */
    static Cgroups current(HostFiles files) {
        return new Cgroups(files, null);
    }

    /** The groups at the first use, for who asks each second: processes that run are seldom moved to another group. */
    static Cgroups remembered(HostFiles files) {
        return new Cgroups(files, new ConcurrentHashMap<>());
    }

    /**
     * The groups that limit or count for a controller: the own group of each hierarchy, then those above it as far as they are mounted.
     * In version 2 a group without that controller is among them; its files are then missing.
     *
     * @param controller such as {@code memory}
     */
    List<Group> of(String controller) {
        return found == null ? find(controller) : found.computeIfAbsent(controller, this::find);
    }

    private List<Group> find(String controller) {
        List<Group> groups = new ArrayList<>();
        for (String line : files.lines("/proc/self/cgroup")) {
            String[] fields = line.split(":", 3); // number, controllers, path
            boolean v2 = fields.length == 3 && fields[0].equals("0") && fields[1].isEmpty();
            boolean v1 = fields.length == 3 && List.of(fields[1].split(",")).contains(controller);
            if (v1 || v2) {
                add(fields[2].strip(), v2 ? null : controller, groups);
            }
        }
        return groups;
    }

    /** @param controller null for version 2 */
    private void add(String group, @Nullable String controller, List<Group> groups) {
        for (String line : files.lines("/proc/self/mountinfo")) {
            String[] halves =
                    line.split(" - ", 2); // proc(5): root and mount point are fields 4 and 5, the type is behind " - "
            String[] fields = halves[0].split(" ");
            String[] about = halves.length == 2 ? halves[1].split(" ") : new String[0];
            if (fields.length < 5 || about.length < 3 || !isMount(about, controller)) {
                continue;
            }
            Path mount = files.at(fields[4]).normalize();
            @Nullable Path folder = mount.resolve(below(group, fields[3])).normalize();
            for (; folder != null && folder.startsWith(mount); folder = folder.getParent()) {
                groups.add(new Group(folder, controller == null));
            }
        }
    }

    private static boolean isMount(String[] about, @Nullable String controller) {
        return controller == null
                ? about[0].equals("cgroup2")
                : about[0].equals("cgroup") && List.of(about[2].split(",")).contains(controller);
    }

    /**
     * The group's path below the mount point. A container without its own namespace sees the host's path, of which only the
     * mounted part exists.
     */
    private static String below(String group, String mounted) {
        String path = group.startsWith(mounted) ? group.substring(mounted.length()) : mounted.equals("/") ? group : "";
        return path.startsWith("/") ? path.substring(1) : path;
    }
}
