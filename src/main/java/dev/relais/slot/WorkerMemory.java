package dev.relais.slot;

import dev.relais.process.ProcReader;
import dev.relais.process.ProcessMemory;

/**
 * How much memory a worker takes from the host: the private memory of its processes, and once what they share, such as the
 * opcache.
 */
public final class WorkerMemory {
    private WorkerMemory() {}

    /** The bytes of a worker. Blocks for some milliseconds. @param master its process id; -1 when there is none */
    public static long bytes(Worker worker, long master, ProcReader proc) {
        long[] pids = new long[worker.size() + 1];
        for (int i = 0; i < worker.size(); i++) {
            pids[i] = worker.slot(i).pid();
        }
        pids[worker.size()] = master;
        return bytes(pids, proc);
    }

    /** @param pids the ids of processes that share memory; -1 for none */
    public static long bytes(long[] pids, ProcReader proc) {
        ProcessMemory memory = new ProcessMemory(proc);
        long shares = 0;
        long own = 0; // of processes whose share the kernel does not report
        long shared = 0;
        for (long pid : pids) {
            if (pid >= 0) {
                long share = memory.shareBytes(pid);
                shares += Math.max(0, share);
                own += share < 0 ? own(pid, memory, proc) : 0;
                // All processes map the same memory, and each counts the part that it has used. The largest part is
                // nearly all of it.
                shared = Math.max(shared, share < 0 ? proc.sharedBytes(pid) : 0);
            }
        }
        return shares + own + shared;
    }

    private static long own(long pid, ProcessMemory memory, ProcReader proc) {
        long exact = memory.privateBytes(pid);
        ProcReader.Memory known = exact >= 0 ? null : proc.memory(pid);
        return known == null ? Math.max(0, exact) : known.anonymousBytes();
    }
}
