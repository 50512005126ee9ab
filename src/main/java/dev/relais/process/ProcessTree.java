package dev.relais.process;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Ends the processes that children have started, so that none of them lives longer than its script's time limit. All of them
 * are first stopped (SIGSTOP), in rounds, until no new one is found. Then none of them can fork, and since a stopped parent
 * reaps no child, every process id still means the same process. A process whose parent has ended is not below the child any
 * more: it is a background process and lives on, as it would behind nginx and PHP-FPM. Blocks for some milliseconds,
 * independent of the number of children; stateless, any thread.
 */
public final class ProcessTree {
    /** Two or three rounds stop even a fork bomb; more are needed only when the kernel is late to stop a process. */
    private static final int MAX_ROUNDS = 20;

    private final ProcReader proc;
    private final Command command;

    public ProcessTree(ProcReader proc, Command command) {
        this.proc = proc;
        this.command = command;
    }

    /** Whether this process has children of its own. */
    boolean isParent(long root) {
        return !proc.children(root).isEmpty();
    }

    /**
     * Sends SIGKILL to all processes below these roots. The roots are stopped (SIGSTOP) as well: call {@link #resume} before any signal but
     * SIGKILL is to reach them.
     */
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
