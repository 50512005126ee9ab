package dev.relais.slot;

import dev.relais.process.ProcessEnder;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The scripts of one worker that still run though their connection is closed, each with the time it has left.
 *
 * <p>They are kept by process and not by slot, since any free child may answer a new connection: after two runs were abandoned, each child
 * may come back on the slot of the other. Any thread.
 */
public final class AbandonedRuns {
    private final Map<Long, Object> runs = new ConcurrentHashMap<>();
    private final ProcessEnder ender;

    AbandonedRuns(ProcessEnder ender) {
        this.ender = ender;
    }

    /** The process has {@code nanos} left to answer on another connection; then it is ended. */
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

    /** Whether none is known to run. */
    public boolean isEmpty() {
        return runs.isEmpty();
    }

    /** How many are known to run. */
    int count() {
        return runs.size();
    }

    /** Whether this process runs one. */
    boolean isOf(long pid) {
        return runs.containsKey(pid);
    }

    /** The process has answered: what it ran has ended. */
    void ended(long pid) {
        runs.remove(pid);
    }
}
