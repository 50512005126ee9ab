package dev.relais.lifecycle;

import dev.relais.system.CgroupMemory;
import dev.relais.worker.Generations.Result;
import org.jspecify.annotations.Nullable;

/** Checks whether there is as much memory for another generation as the one that serves uses. */
final class MemoryCheck {
    private static final long MIB = 1 << 20;

    private MemoryCheck() {}

    /** @param room what the control group leaves; null when nothing limits it */
    static void check(CgroupMemory.@Nullable Room room, long neededBytes) throws SwitchProblem {
        if (room != null && neededBytes > room.freeBytes()) {
            throw new SwitchProblem(
                    Result.REFUSED,
                    String.format(
                            "another generation needs %d MiB like the one that serves, and %s of %d MiB leaves %d MiB;"
                                    + " raise that limit, or lower relais.workers.children",
                            neededBytes / MIB,
                            room.file(),
                            room.limitBytes() / MIB,
                            Math.max(0, room.freeBytes() / MIB)));
        }
    }
}
