package dev.relais.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerSizeTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path root;

    private FakeHost host;

    @BeforeEach
    void make() {
        host = new FakeHost(root).with("proc/meminfo", "MemTotal:       2097152 kB\nMemAvailable:   1048576 kB");
    }

    private ContainerSize size() {
        return ContainerSize.of(host.files(), 2);
    }

    @Test
    void withoutALimitItIsTheHost() {
        assertEquals(new ContainerSize(2, 2048 * MIB, false, Long.MAX_VALUE), size());
    }

    @Test
    void aLimitOfVersion2Counts() {
        host.v2().inV2("memory.max", 512 * MIB).inV2("pids.max", 100).inV2("pids.current", 40);
        assertEquals(new ContainerSize(2, 512 * MIB, true, 60), size());
    }

    @Test
    void aLimitOfVersion1Counts() {
        host.v1("memory", "pids")
                .inV1("memory", "memory.limit_in_bytes", 256 * MIB)
                .inV1("pids", "pids.max", 10)
                .inV1("pids", "pids.current", 12);
        assertEquals(new ContainerSize(2, 256 * MIB, true, 0), size());
    }

    @Test
    void noLimitIsWrittenInSeveralWays() {
        host.v1("memory", "pids")
                .inV1("memory", "memory.limit_in_bytes", "9223372036854771712")
                .inV1("pids", "pids.max", "max")
                .inV1("pids", "pids.current", 12);
        assertEquals(new ContainerSize(2, 2048 * MIB, false, Long.MAX_VALUE), size());
    }

    @Test
    void theSmallestLimitOfAllGroupsAboveCounts() {
        host.v2()
                .inV2("memory.max", 512 * MIB)
                .with("sys/fs/cgroup/memory.max", 300 * MIB)
                .inV2("pids.max", "max")
                .inV2("pids.current", 1)
                .with("sys/fs/cgroup/pids.max", 50)
                .with("sys/fs/cgroup/pids.current", 45);
        assertEquals(new ContainerSize(2, 300 * MIB, true, 5), size());
    }

    @Test
    void aLimitAboveTheMemoryOfTheHostLimitsNothing() {
        host.v2().inV2("memory.max", 4096 * MIB);
        assertFalse(size().limited());
        assertEquals(2048 * MIB, size().memoryBytes());
    }

    @Test
    void aResizeIsSeen() {
        host.v2().inV2("memory.max", 512 * MIB);
        ContainerSize before = size();
        assertTrue(size().isAsLargeAs(before));
        host.inV2("memory.max", 768 * MIB);
        assertFalse(size().isAsLargeAs(before));
        assertFalse(ContainerSize.of(host.files(), 4).isAsLargeAs(size()));
    }

    @Test
    void whatIsUsedOfTheProcessorsAndTheMemory() {
        host.v2()
                .inV2("memory.max", 512 * MIB)
                .inV2("memory.current", 300 * MIB)
                .inV2("memory.stat", "inactive_file " + 44 * MIB)
                .inV2("cpu.max", "150000 100000")
                .inV2("cpu.stat", "usage_usec 1234\nuser_usec 1000");
        HostLoad load = new HostLoad(host.files(), () -> 4);
        assertEquals(0.5, load.memoryShare(), 1e-9);
        assertEquals(1.5, load.processors(), 1e-9);
        assertEquals(1_234_000, load.usedNanos());
    }

    @Test
    void withoutALimitWhatIsUsedIsOfTheHost() {
        host.v1("cpuacct").inV1("cpuacct", "cpuacct.usage", 77);
        HostLoad load = new HostLoad(host.files(), () -> 4);
        assertEquals(0.5, load.memoryShare(), 1e-9);
        assertEquals(4, load.processors(), 1e-9);
        assertEquals(77, load.usedNanos());
    }

    @Test
    void whatCannotBeReadIsNotKnown() {
        HostLoad load = new HostLoad(new HostFiles(root.resolve("nowhere")), () -> 4);
        assertEquals(-1, load.memoryShare());
        assertEquals(-1, load.usedNanos());
        assertEquals(
                0, ContainerSize.of(new HostFiles(root.resolve("nowhere")), 1).memoryBytes());
    }
}
