package dev.relais.process;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Ends what children have started, so that no script leaves processes behind its time limit. All of them are stopped first, until a
 * look finds no new one: then nobody forks any more, and because the stopped parents reap nobody, every number still means the same
 * process. Whoever is not below the child any more, because its parent has ended, is a background process and lives on, as behind
 * nginx and PHP-FPM. Blocks for some milliseconds, however many the children are; stateless, any thread.
 */
public final class ProcessTree {
    /** A fork bomb is stopped within two or three; more only when the kernel gives the stopped ones time to run. */
    private static final int MAX_ROUNDS = 20;

    private final ProcReader proc;
    private final Command command;

    public ProcessTree(ProcReader proc, Command command) {
        this.proc = proc;
        this.command = command;
    }

    /** Whether there are any below this one. */
    boolean isParent(long root) {
        return !proc.children(root).isEmpty();
    }

    /** Sends SIGKILL to all processes below these, which are stopped then, too, and need {@link #resume} to see any signal but SIGKILL. */
    void killBelow(List<Long> roots) {
        Set<Long> stopped = new LinkedHashSet<>(roots);
        signal("STOP", roots);
        for (int round = 0; round < MAX_ROUNDS; round++) {
            List<Long> fresh = below(roots, stopped);
            if (fresh.isEmpty()) {
                break;
            }
            signal("STOP", fresh);
            stopped.addAll(fresh);
        }
        roots.forEach(stopped::remove);
        for (long pid : stopped) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    void resume(List<Long> roots) {
        signal("CONT", roots);
    }

    private List<Long> below(List<Long> roots, Set<Long> known) {
        List<Long> fresh = new ArrayList<>();
        List<Long> open = new ArrayList<>(roots);
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

    private void signal(String name, List<Long> pids) {
        if (pids.isEmpty()) {
            return;
        }
        List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", "kill -s \"$@\"", "relais-kill", name));
        pids.forEach(pid -> line.add(Long.toString(pid)));
        command.run(line);
    }
}
