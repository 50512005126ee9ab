package dev.relais.worker;

/** How much memory a worker takes from the host: what its processes have for themselves, and the opcache that they share. */
final class WorkerMemory {
    private WorkerMemory() {}

    /** Blocks shortly. @param master its process number; -1 when there is none */
    static long bytes(Worker worker, long master, ProcReader proc) {
        long own = own(proc, master);
        long shared = proc.sharedBytes(master);
        for (int i = 0; i < worker.size(); i++) {
            long pid = worker.child(i).pid();
            own += own(proc, pid);
            // Each has mapped what it has used of one and the same memory: the most that one has is near to all.
            shared = Math.max(shared, proc.sharedBytes(pid));
        }
        return own + shared;
    }

    private static long own(ProcReader proc, long pid) {
        ProcReader.Memory memory = pid < 0 ? null : proc.memory(pid);
        return memory == null ? 0 : memory.ownBytes();
    }
}
