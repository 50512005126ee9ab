package dev.relais.worker;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Ends what a child has started, so that no script leaves processes behind its time limit. All of them are stopped first, until a
 * look finds no new one: then nobody forks any more, and because the stopped parents reap nobody, every number still means the same
 * process. Whoever is not below the child any more, because its parent has ended, is a background process and lives on, as behind
 * nginx and PHP-FPM. Blocks for some milliseconds, and only when the child has children; stateless, any thread.
 */
final class ProcessTree {
    /** A fork bomb is stopped within two or three; more only when the kernel gives the stopped ones time to run. */
    private static final int MAX_ROUNDS = 20;

    private final ProcReader proc;
    private final Command command;

    ProcessTree(ProcReader proc, Command command) {
        this.proc = proc;
        this.command = command;
    }

    /**
     * Sends SIGKILL to all processes below this one.
     *
     * @return whether there were any: then this one is stopped, too, and needs {@link #resume} to see any signal but SIGKILL
     */
    boolean killBelow(long root) {
        if (proc.children(root).isEmpty()) {
            return false;
        }
        Set<Long> stopped = new LinkedHashSet<>(List.of(root));
        signal("STOP", stopped);
        for (int round = 0; round < MAX_ROUNDS; round++) {
            List<Long> fresh = below(root, stopped);
            if (fresh.isEmpty()) {
                break;
            }
            signal("STOP", fresh);
            stopped.addAll(fresh);
        }
        stopped.remove(root);
        signal("KILL", stopped);
        return true;
    }

    void resume(long pid) {
        signal("CONT", List.of(pid));
    }

    private List<Long> below(long root, Set<Long> known) {
        List<Long> fresh = new ArrayList<>();
        List<Long> open = new ArrayList<>(List.of(root));
        while (!open.isEmpty()) {
            for (long child : proc.children(open.remove(open.size() - 1))) {
                open.add(child);
                if (!known.contains(child)) {
                    fresh.add(child);
                }
            }
        }
        return fresh;
    }

    private void signal(String name, Iterable<Long> pids) {
        List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", "kill -s \"$@\"", "relais-kill", name));
        pids.forEach(pid -> line.add(Long.toString(pid)));
        if (line.size() > 5) {
            command.run(line);
        }
    }
}
