package dev.relais.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel counts opcache pages that only one child has used as private, but they stay when the child ends. */
class ProcessMemoryTest {
    private static final long MIB = 1 << 20;
    private static final long KIB = 1 << 10;

    @TempDir
    Path proc;

    /** Writes a child with 80 MiB of opcache that no other has used, 20 MiB of its own, and 6 MiB from its master. */
    private void process(long pid) throws Exception {
        Path directory = Files.createDirectory(proc.resolve(Long.toString(pid)));
        Files.writeString(
                directory.resolve("statm"), "100000 27648 21248 3 4 5 6\n"); // 108 MiB, 83 of files and shared memory
        Files.writeString(directory.resolve("status"), "Name:\tphp-fpm\nRssShmem:\t   81920 kB\n");
        rollup(pid, """
                Rss:              110592 kB
                Pss_Anon:          22528 kB
                Pss_File:           1024 kB
                Pss_Shmem:         40960 kB
                Private_Clean:         8 kB
                Private_Dirty:    102392 kB
                Anonymous:         26624 kB
                Private_Hugetlb:       0 kB
                """);
        Files.writeString(directory.resolve("smaps"), """
                55d0c0000000-55d0c0400000 r-xp 00000000 08:01 1234   /usr/sbin/php-fpm
                Private_Clean:         8 kB
                Private_Dirty:         0 kB
                VmFlags: rd ex mr mw me sd
                7f0000000000-7f0010000000 rw-s 00000000 00:01 4321   /dev/zero (deleted)
                Private_Clean:         0 kB
                Private_Dirty:     81920 kB
                Private_Hugetlb:       0 kB
                VmFlags: rd wr sh mr mw me ms sd
                7f0020000000-7f0020800000 rw-p 00000000 00:00 0\s
                Private_Clean:         0 kB
                Private_Dirty:     20472 kB
                Private_Hugetlb:      64 kB
                ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0  [vsyscall]
                Private_Clean:         0 kB
                Private_Dirty:         0 kB
                """);
    }

    private void rollup(long pid, String text) throws Exception {
        Files.writeString(
                proc.resolve(Long.toString(pid)).resolve("smaps_rollup"),
                "55d0c0000000-ffffffffff601000 ---p 00000000 00:00 0    [rollup]\n" + text);
    }

    private ProcReader reader() {
        return new ProcReader(proc, 4096);
    }

    @Test
    void sharedMappingsAreNotItsOwnThoughNobodyElseHasTouchedThem() throws Exception {
        process(10);
        ProcessMemory memory = new ProcessMemory(reader());
        assertEquals(20_480 * KIB, memory.privateBytes(10));
        assertTrue(memory.hasAtLeast(10, 20 * MIB));
        assertFalse(memory.hasAtLeast(10, 20 * MIB + 1));
        assertFalse(memory.hasAtLeast(10, 60 * MIB));
        assertFalse(memory.hasAtLeast(10, 4_000 * MIB));
    }

    /** Reading smaps costs more than everything else together. */
    @Test
    void mappingsAreLookedAtOnlyWhenTheyDecide() throws Exception {
        process(10);
        Files.delete(proc.resolve("10/smaps"));
        Files.createDirectory(proc.resolve("10/smaps")); // read all the same, it would be unknown
        ProcessMemory memory = new ProcessMemory(reader());
        assertFalse(memory.hasAtLeast(10, 101 * MIB));
        Files.writeString(proc.resolve("10/status"), "RssShmem:\t     512 kB\n");
        rollup(10, "Private_Dirty:    102400 kB\nAnonymous:    102400 kB\n");
        assertTrue(memory.hasAtLeast(10, 100 * MIB));
    }

    @Test
    void whereTheKernelKeepsItFromUsAnonymousMemoryCounts() throws Exception {
        process(10);
        Files.delete(proc.resolve("10/smaps_rollup"));
        ProcessMemory memory = new ProcessMemory(reader());
        assertEquals(-1, memory.privateBytes(10));
        assertTrue(memory.hasAtLeast(10, 25 * MIB));
        assertFalse(memory.hasAtLeast(10, 26 * MIB));
        assertFalse(memory.hasAtLeast(404, 1));
    }

    @Test
    void aGroupTakesWhatItsProcessesShareOnce() throws Exception {
        process(10);
        process(11);
        assertEquals(2 * (22 + 40) * MIB, new ProcessMemory(reader()).groupBytes(new long[] {10, 11, -1, 404}));

        Files.delete(proc.resolve("10/smaps_rollup"));
        Files.delete(proc.resolve("11/smaps_rollup"));
        assertEquals((25 + 25 + 80) * MIB, new ProcessMemory(reader()).groupBytes(new long[] {10, 11, -1, 404}));
    }

    /** A mapped file, as APCu may have one. It is a hundred times as large as what the rest of this JVM changes meanwhile. */
    @Test
    void theRealProcTellsASharedMappingApart() throws Exception {
        ProcessMemory memory = new ProcessMemory(new ProcReader(Path.of("/proc"), 4096));
        long pid = ProcessHandle.current().pid();
        try (FileChannel file = FileChannel.open(
                proc.resolve("apc"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long before = memory.privateBytes(pid);
            MappedByteBuffer mapped = file.map(FileChannel.MapMode.READ_WRITE, 0, 256 * MIB);
            for (int at = 0; at < mapped.capacity(); at += 4096) {
                mapped.put(at, (byte) 1);
            }
            long after = memory.privateBytes(pid);
            assertTrue(before > 0 && after - before < 128 * MIB, before + " became " + after);
            assertEquals(1, mapped.get(0));
        }
    }
}
