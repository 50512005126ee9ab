package dev.relais.system;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.IntSupplier;

/**
 * What is used of the processors and the memory that this container or host has. Where no control group limits something, the host's
 * is meant. Reads block for a short time; any thread.
 */
@Singleton
public class HostLoad {
    private final HostFiles files;
    private final CgroupCpu cpu;
    private final CgroupMemory memory;
    private final IntSupplier processors;

    @Inject
    HostLoad() {
        this(HostFiles.REAL, () -> Runtime.getRuntime().availableProcessors());
    }

    /** @param processors that the JVM may use */
    HostLoad(HostFiles files, IntSupplier processors) {
        this.files = files;
        Cgroups groups = Cgroups.remembered(files);
        this.cpu = new CgroupCpu(groups);
        this.memory = new CgroupMemory(groups);
        this.processors = processors;
    }

    /** How many processors may be used, which may be a fraction. */
    public double processors() {
        int some = processors.getAsInt();
        double quota = cpu.quota();
        return quota > 0 ? Math.min(some, quota) : some;
    }

    /** The time on processors that has been used, in nanoseconds since some moment; -1 when the kernel does not say. */
    public long usedNanos() {
        return cpu.usedNanos();
    }

    /** The part of the memory that is in use and could not be given back at once, 0 to 1; -1 when the kernel does not say. */
    public double memoryShare() {
        CgroupMemory.Room room = memory.room();
        if (room != null && room.limitBytes() > 0) {
            return share(room.freeBytes(), room.limitBytes());
        }
        long total = HostFiles.number(files.at("/proc/meminfo"), "MemTotal:");
        long free = HostFiles.number(files.at("/proc/meminfo"), "MemAvailable:");
        return total <= 0 || free < 0 ? -1 : share(free, total);
    }

    private static double share(long free, long total) {
        return Math.max(0, Math.min(1, 1 - (double) free / total));
    }
}
