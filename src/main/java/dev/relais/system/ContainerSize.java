package dev.relais.system;

/**
 * How large the container is, or the host where nothing limits it. It can change while the gateway runs: Kubernetes resizes pods in
 * place, by which the limits of the control groups change.
 *
 * @param processors that may be used, at least 1; a part of one counts as one
 * @param memoryBytes the smallest limit of memory, or all the memory that the host has; 0 when neither can be read
 * @param limited whether a control group limits the memory
 * @param processesLeft how many more processes and threads the control groups admit; {@link Long#MAX_VALUE} for any number
 */
public record ContainerSize(int processors, long memoryBytes, boolean limited, long processesLeft) {
    /** The size now. Blocks for a short time. */
    public static ContainerSize now() {
        return of(HostFiles.REAL, Runtime.getRuntime().availableProcessors());
    }

    /** @param processors that the JVM may use: those of its control groups, too, and of a change at once */
    static ContainerSize of(HostFiles files, int processors) {
        Cgroups groups = Cgroups.current(files);
        long limit = new CgroupMemory(groups).limitBytes();
        long kibibytes = HostFiles.number(files.at("/proc/meminfo"), "MemTotal:");
        long host = kibibytes <= 0 ? 0 : kibibytes * 1024;
        boolean limited = limit > 0 && (host == 0 || limit < host);
        return new ContainerSize(Math.max(1, processors), limited ? limit : host, limited, processesLeft(groups));
    }

    private static long processesLeft(Cgroups groups) {
        long least = Long.MAX_VALUE;
        for (Cgroups.Group group : groups.of("pids")) {
            long most = HostFiles.number(group.folder().resolve("pids.max")); // the names are the same in both versions
            long now = HostFiles.number(group.folder().resolve("pids.current"));
            if (most >= 0 && now >= 0) {
                least = Math.min(least, Math.max(0, most - now));
            }
        }
        return least;
    }

    /** The same container with another number of processors and another memory: what a resize changes. */
    public boolean isAsLargeAs(ContainerSize other) {
        return processors == other.processors && memoryBytes == other.memoryBytes;
    }
}
