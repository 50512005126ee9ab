package dev.relais.worker;

import dev.relais.process.ProcReader;
import dev.relais.process.ProcessMemory;
import dev.relais.slot.Worker;

/**
 * How much memory a worker takes from the host: the private memory of its processes, and once what they share, such as the
 * opcache.
 */
final class WorkerMemory {
    private WorkerMemory() {}

    /**
     * The bytes of a worker. Blocks for some milliseconds.
     *
     * @param master its process id; -1 when there is none
     */
    static long bytes(Worker worker, long master, ProcReader proc) {
        long[] pids = new long[worker.size() + 1];
        for (int i = 0; i < worker.size(); i++) {
            pids[i] = worker.slot(i).pid();
        }
        pids[worker.size()] = master;
        return new ProcessMemory(proc).groupBytes(pids);
    }
}
