package dev.relais.worker;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends one PHP child: TERM, and KILL after 150 ms, since PHP can catch TERM (DESIGN.md fact 5). Only through the handle taken
 * when the child was mapped: it refuses a process id that is used again. What the child has started ends with it. Any thread; the
 * signals are sent on the supervisor's.
 */
final class ProcessEnder {
    private static final long TERM_TO_KILL_MILLIS = 150;

    private final ScheduledExecutorService supervisor;
    private final ProcessTree tree;
    private final Set<ProcessHandle> ending = ConcurrentHashMap.newKeySet();

    ProcessEnder(ScheduledExecutorService supervisor, ProcessTree tree) {
        this.supervisor = supervisor;
        this.tree = tree;
    }

    /** Whether it has not yet had the last signal: until then it may still answer on a connection, and is nobody's child any more. */
    boolean isEnding(ProcessHandle child) {
        return ending.contains(child);
    }

    void end(ProcessHandle child) {
        ending.add(child);
        supervisor.execute(() -> terminate(child));
        supervisor.schedule(
                () -> {
                    if (child.isAlive()) {
                        tree.killBelow(child.pid());
                        child.destroyForcibly();
                    }
                    ending.remove(child);
                },
                TERM_TO_KILL_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private void terminate(ProcessHandle child) {
        if (child.isAlive() && tree.killBelow(child.pid())) {
            child.destroy(); // first, so that this is what it sees when it goes on
            tree.resume(child.pid());
        } else {
            child.destroy();
        }
    }
}
