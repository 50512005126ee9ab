package dev.relais.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupMemoryTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path root;

    private CgroupMemory.Room room(String cgroup, String mounts) throws IOException {
        write("proc/self/cgroup", cgroup);
        write("proc/self/mountinfo", mounts);
        return CgroupMemory.under(root).room();
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void v2(String folder, String max, long usedMib, long cacheMib) throws IOException {
        write("sys/fs/cgroup" + folder + "/memory.max", max + "\n");
        write("sys/fs/cgroup" + folder + "/memory.current", usedMib * MIB + "\n");
        write(
                "sys/fs/cgroup" + folder + "/memory.stat",
                "anon 5\ninactive_file " + cacheMib * MIB + "\nactive_file 7\n");
    }

    private static final String V2 = "30 22 0:27 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n";

    @Test
    void inAContainerOfVersion2TheLimitLessWhatIsUsedAndNotCache() throws IOException {
        v2("", Long.toString(512 * MIB), 300, 100);
        CgroupMemory.Room room = room("0::/\n", V2);
        assertEquals(312 * MIB, room.freeBytes());
        assertEquals(512 * MIB, room.limitBytes());
        assertEquals(root.resolve("sys/fs/cgroup/memory.max"), room.file());
    }

    @Test
    void theGroupAboveCountsWhenItLeavesLess() throws IOException {
        v2("/pods/one", "max", 40, 0);
        v2("/pods", Long.toString(100 * MIB), 90, 0);
        assertEquals(10 * MIB, room("0::/pods/one\n", V2).freeBytes());
    }

    @Test
    void withoutALimitThereIsNoRoomToCheck() throws IOException {
        v2("/a", "max", 40, 0);
        assertNull(room("0::/a\n", V2));
    }

    @Test
    void anUnlimitedGroupOfVersion1IsNoLimitEither() throws IOException {
        v1("/a", "9223372036854771712", 40);
        assertNull(room("4:memory:/a\n", V1));
    }

    private static final String V1 = "34 30 0:31 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
            + "31 30 0:28 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu\n";

    private void v1(String folder, String limit, long usedMib) throws IOException {
        String group = "sys/fs/cgroup/memory" + folder;
        write(group + "/memory.limit_in_bytes", limit + "\n");
        write(group + "/memory.usage_in_bytes", usedMib * MIB + "\n");
        write(group + "/memory.stat", "inactive_file 1\ntotal_inactive_file " + 4 * MIB + "\n");
    }

    @Test
    void version1IsFoundByItsController() throws IOException {
        v1("/a/b", Long.toString(64 * MIB), 60);
        CgroupMemory.Room room = room("9:name=systemd:/\n4:memory:/a/b\n1:cpu,cpuacct:/x\n0::/\n", V1);
        assertEquals(8 * MIB, room.freeBytes());
    }

    @Test
    void aContainerThatSeesTheHostsPathHasOnlyItsOwnPartMounted() throws IOException {
        v1("", Long.toString(64 * MIB), 32);
        String mounts = V1.replace("0:31 / /", "0:31 /docker/abc /");
        assertEquals(36 * MIB, room("4:memory:/docker/abc\n", mounts).freeBytes());
    }

    @Test
    void whatCannotBeReadLimitsNothing() throws IOException {
        assertNull(CgroupMemory.under(root.resolve("nowhere")).room());
        assertNull(room("0::/a\n", V2));
    }
}
