package dev.relais.lifecycle;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.relais.system.CgroupMemory;
import dev.relais.worker.Generations.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MemoryCheckTest {
    private static final long MIB = 1 << 20;

    @Test
    void twoThatDoNotFitAreRefusedWithTheNumbers() {
        CgroupMemory.Room room = new CgroupMemory.Room(Path.of("/sys/fs/cgroup/memory.max"), 512 * MIB, 40 * MIB);
        SwitchProblem problem = assertThrows(SwitchProblem.class, () -> MemoryCheck.check(room, 85 * MIB));
        assertEquals(Result.REFUSED, problem.result());
        assertEquals(
                "another generation needs 85 MiB like the one that serves, and /sys/fs/cgroup/memory.max of 512 MiB"
                        + " leaves 40 MiB; raise that limit, or lower relais.workers.children",
                problem.getMessage());
    }

    @Test
    void whatFitsOrIsNotLimitedIsNot() {
        assertDoesNotThrow(
                () -> MemoryCheck.check(new CgroupMemory.Room(Path.of("/m"), 512 * MIB, 85 * MIB), 85 * MIB));
        assertDoesNotThrow(() -> MemoryCheck.check(null, Long.MAX_VALUE));
    }
}
