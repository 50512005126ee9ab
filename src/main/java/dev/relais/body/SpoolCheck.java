package dev.relais.body;

import dev.relais.system.Disk;
import dev.relais.system.Finding;
import dev.relais.system.HostCheck;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Supplier;

/** The disk of the spool files. */
@Singleton
final class SpoolCheck implements HostCheck {
    private static final long MIB = 1 << 20;

    private final long capacity;
    private final Supplier<Disk> disk;

    @Inject
    SpoolCheck(Spool spool) {
        this(spool.capacity(), spool::disk);
    }

    SpoolCheck(long capacity, Supplier<Disk> disk) {
        this.capacity = capacity;
        this.disk = disk;
    }

    @Override
    public List<Finding> findings() {
        Disk now = disk.get();
        String consequence = now.isMemory()
                ? "spool files take memory, of which the container may have too little, so that the kernel kills PHP or the gateway"
                : "the disk is full before relais.http.spool-capacity is reached: large uploads get 503, answers go at their clients' pace";
        return List.of(Finding.of(
                !now.isMemory() && (now.freeBytes() < 0 || now.freeBytes() >= capacity),
                "spool",
                now.text(),
                "a disk with at least relais.http.spool-capacity free, " + capacity / MIB + " MiB",
                consequence,
                "relais.http.spool-directory names a folder on a larger disk (in a pod an emptyDir without medium: Memory), or"
                        + " relais.http.spool-capacity is set lower"));
    }
}
