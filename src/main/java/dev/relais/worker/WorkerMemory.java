package dev.relais.worker;

import dev.relais.process.ProcReader;
import dev.relais.process.ProcessMemory;
import dev.relais.slot.Worker;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * How much memory a worker takes from the host: the private memory of its processes, and once what they share, such as the
 * opcache.
 */
final class WorkerMemory {
    /** Of how many children the memory is measured; the kernel takes up to 15 ms for one. */
    private static final int SOME = 16;

    private WorkerMemory() {}

    /**
     * The bytes of some workers. Blocks for some milliseconds.
     *
     * @param masters gives the process id of a worker's master; -1 when there is none
     */
    static long bytes(List<Worker> workers, ToLongFunction<Worker> masters, ProcReader proc) {
        ProcessMemory memory = new ProcessMemory(proc);
        long bytes = 0;
        for (Worker worker : workers) {
            bytes += memory.groupBytes(pids(worker, masters.applyAsLong(worker)));
        }
        return bytes;
    }

    /** The most that the processes of one of these workers share, such as the opcache; -1 when it is not known. Blocks. */
    static long sharedBytes(List<Worker> workers, ToLongFunction<Worker> masters, ProcReader proc) {
        ProcessMemory memory = new ProcessMemory(proc);
        long most = -1;
        for (Worker worker : workers) {
            most = Math.max(most, memory.groupSharedBytes(pids(worker, masters.applyAsLong(worker))));
        }
        return most;
    }

    private static long[] pids(Worker worker, long master) {
        long[] pids = new long[worker.size() + 1];
        for (int i = 0; i < worker.size(); i++) {
            pids[i] = worker.slot(i).pid();
        }
        pids[worker.size()] = master;
        return pids;
    }

    /** The private memory of a child on average, of some children of these workers; -1 when it is not known. Blocks. */
    static long childBytes(List<Worker> workers, ProcReader proc) {
        ProcessMemory memory = new ProcessMemory(proc);
        int each = Math.max(1, SOME / Math.max(1, workers.size()));
        long sum = 0;
        int known = 0;
        for (Worker worker : workers) {
            int step = Math.max(1, worker.size() / each);
            for (int i = 0; i < worker.size() && known < SOME; i += step) {
                long bytes = worker.slot(i).pid() < 0
                        ? -1
                        : memory.privateBytes(worker.slot(i).pid());
                sum += Math.max(0, bytes);
                known += bytes < 0 ? 0 : 1;
            }
        }
        return known == 0 ? -1 : sum / known;
    }
}
