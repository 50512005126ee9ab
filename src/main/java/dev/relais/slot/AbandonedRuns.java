package dev.relais.slot;

import dev.relais.process.ProcReader;
import dev.relais.process.ProcessEnder;
import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The scripts of one worker that still run although their connection is closed, each with the time that it has left.
 *
 * <p>They are kept by process and not by slot, since any free child may answer a new connection: after two runs were abandoned,
 * each child may come back on the slot of the other. Any thread.
 */
public final class AbandonedRuns {
    private final Map<Long, Object> runs = new ConcurrentHashMap<>();
    private final ProcessEnder ender;
    private final ProcReader proc;

    AbandonedRuns(ProcessEnder ender, ProcReader proc) {
        this.ender = ender;
        this.proc = proc;
    }

    /** Ends the process unless it answers on another connection within {@code nanos}. */
    void watch(ProcessHandle process, EventLoop loop, long nanos) {
        Object run = new Object();
        runs.put(process.pid(), run);
        loop.schedule(
                () -> {
                    if (runs.remove(process.pid(), run)) {
                        ender.end(process);
                    }
                },
                Math.max(0, nanos),
                TimeUnit.NANOSECONDS);
    }

    /** Whether no abandoned script is known to run. */
    public boolean isEmpty() {
        return runs.isEmpty();
    }

    /** Whether one may run under the master at this socket, to which no new connection is made; null for no master. Blocks for a short time. */
    boolean mayRunUnder(@Nullable Path master) {
        return !isEmpty() && master != null && proc.isConnected(master);
    }

    /** How many abandoned scripts are known to run. */
    int count() {
        return runs.size();
    }

    /** Whether this process runs an abandoned script. */
    boolean isOf(long pid) {
        return runs.containsKey(pid);
    }

    /** The master reports that the process has ended. Blocks for a short time. */
    void exited(long pid) {
        if (proc.stat(pid) == null) {
            ended(pid);
        }
    }

    /** The process has answered, so the script that it ran has ended. */
    void ended(long pid) {
        runs.remove(pid);
    }
}
