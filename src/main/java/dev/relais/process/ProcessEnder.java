package dev.relais.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Ends PHP children: TERM, and KILL after 150 ms, since PHP can catch TERM (src/docs/facts.md, fact 5). Only through the handle taken when
 * the child was mapped: it refuses a process id that is used again. What the child has started ends with it.
 *
 * <p>Any thread may ask. The signals are sent on a thread of its own, {@code relais-ender}, which begins with the first of them and
 * ends with {@link #close}: those for what children have started take some milliseconds, for which nothing else must wait. All children
 * whose end was asked for meanwhile are one batch, and each waits there once at most.
 */
public final class ProcessEnder implements AutoCloseable {
    private static final long TERM_TO_KILL_MILLIS = 150;

    private final ProcReader proc;
    private final ProcessTree tree;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, ProcessEnder::thread, new ThreadPoolExecutor.DiscardPolicy()); // tasks are discarded once it is closed
    private final Set<ProcessHandle> ending = ConcurrentHashMap.newKeySet();
    private final Queue<ProcessHandle> asked = new ConcurrentLinkedQueue<>();

    public ProcessEnder(ProcReader proc, ProcessTree tree) {
        this.proc = proc;
        this.tree = tree;
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "relais-ender");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Whether the end of this child was asked for and is not known to have happened. The child may still answer on a
     * connection, but must get no other request.
     */
    public boolean isEnding(ProcessHandle child) {
        return ending.contains(child);
    }

    /** Ends a child, unless it is already being ended. */
    public void end(ProcessHandle child) {
        if (ending.add(child)) {
            asked.add(child);
            thread.execute(this::terminate);
        }
    }

    private void terminate() {
        List<ProcessHandle> batch = new ArrayList<>();
        List<ProcessHandle> parents = new ArrayList<>();
        for (ProcessHandle child; (child = asked.poll()) != null; ) {
            batch.add(child);
            if (isParent(child)) {
                parents.add(child);
            } else {
                child.destroy();
            }
        }
        tree.killBelow(pids(parents));
        parents.forEach(ProcessHandle::destroy); // before they are resumed, so that they run nothing else first
        tree.resume(pids(parents));
        killLater(batch);
    }

    private void killLater(List<ProcessHandle> batch) {
        if (!batch.isEmpty()) {
            thread.schedule(() -> kill(batch), TERM_TO_KILL_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void kill(List<ProcessHandle> batch) {
        batch.removeIf(child -> !proc.runs(child) && ending.remove(child));
        tree.killBelow(pids(batch.stream().filter(this::isParent).toList()));
        batch.forEach(ProcessHandle::destroyForcibly);
        killLater(batch);
    }

    private boolean isParent(ProcessHandle child) {
        return proc.runs(child) && tree.isParent(child.pid());
    }

    private static List<Long> pids(List<ProcessHandle> processes) {
        return processes.stream().map(ProcessHandle::pid).toList();
    }

    /** Ends no more children. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
