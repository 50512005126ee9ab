package dev.relais.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcReaderTest {
    @TempDir
    Path proc;

    private void process(long pid, String stat, String statm, String rollup) throws Exception {
        Path directory = Files.createDirectory(proc.resolve(Long.toString(pid)));
        Files.writeString(directory.resolve("stat"), stat);
        Files.writeString(directory.resolve("statm"), statm);
        if (rollup != null) {
            Files.writeString(directory.resolve("smaps_rollup"), rollup);
        }
    }

    private static String stat(long pid, String name, char state, long group) {
        return pid + " (" + name + ") " + state + " 7 " + group
                + " 5 0 -1 4194304 1 0 0 0 11 22 0 0 20 0 1 0 131064 3850240 514 0\n";
    }

    @Test
    void namesWithParenthesesAndSpacesDoNotMislead() throws Exception {
        process(
                10,
                stat(10, "a) R 1 (b", 'S', 9),
                "100 25 3 4 5 6 7\n",
                "Rss: 9 kB\nPrivate_Clean:      4 kB\nPrivate_Dirty:     12 kB\n");
        ProcReader reader = new ProcReader(proc, 4096);
        assertEquals(new ProcReader.Stat(10, 'S', 7, 9), reader.stat(10));
        assertEquals(new ProcReader.Memory(25 * 4096, 22 * 4096), reader.memory(10));
    }

    @ParameterizedTest
    @CsvSource({
        "'123 45 6\n', 123, 45",
        "'9 0', 9, 0",
        "'', ,",
        "'12', ,",
        "'a b c', ,",
        "'-1 2 3', ,",
        "'1 12345678901234567890 3', ,"
    })
    void processorTimeIsReadAndWhatIsNoneIsNull(String text, Long ran, Long waited) throws Exception {
        process(13, stat(13, "x", 'S', 9), "", null);
        Files.writeString(proc.resolve("13/schedstat"), text);
        ProcReader reader = new ProcReader(proc, 4096);
        assertEquals(ran == null ? null : new ProcReader.CpuTime(ran, waited), reader.cpuTime(13));
        assertNull(reader.cpuTime(404));
        assertNull(reader.cpuTime(-1));
    }

    @Test
    void thisKernelSaysIt() {
        ProcReader.CpuTime first = new ProcReader(Path.of("/proc"), 4096).cpuTime(1);
        assertTrue(first.ranNanos() > 0 && first.waitedNanos() >= 0, first::toString);
    }

    @Test
    void whatIsGoneOrCutIsNull() throws Exception {
        process(11, "11 (cut", "", null);
        process(12, stat(12, "x", 'S', 9), "100 25 3\n", null);
        ProcReader reader = new ProcReader(proc, 16384);
        assertNull(reader.stat(404));
        assertNull(reader.memory(404));
        assertNull(reader.commandLine(404));
        assertNull(reader.stat(11));
        assertNull(reader.memory(11));
        assertEquals(new ProcReader.Memory(25 * 16384, 22 * 16384), reader.memory(12));
    }

    @Test
    void zombiesAreNoMembersOfAGroup() throws Exception {
        process(20, stat(20, "m", 'S', 20), "1 1", null);
        process(21, stat(21, "c", 'Z', 20), "1 1", null);
        process(22, stat(22, "c", 'T', 20), "1 1", null);
        process(23, stat(23, "c", 'S', 2), "1 1", null);
        assertEquals(
                List.of(20L, 22L),
                new ProcReader(proc, 4096).group(20).stream().sorted().toList());
    }

    /** A child that has not yet noticed that its client has gone looks the same. */
    @Test
    void aConnectionIsOpenUntilTheOneWhoListensHasClosedItToo() throws Exception {
        ProcReader reader = new ProcReader(Path.of("/proc"), 4096);
        Path socket = proc.resolve("socket");
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
        try (ServerSocketChannel listening =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address)) {
            assertFalse(reader.isConnected(socket));
            SocketChannel client = SocketChannel.open(address);
            assertTrue(reader.isConnected(socket));
            SocketChannel accepted = listening.accept();
            client.close();
            assertTrue(reader.isConnected(socket));
            accepted.close();
            assertFalse(reader.isConnected(socket));
        }
        assertTrue(new ProcReader(proc, 4096).isConnected(socket), "where the kernel does not say");
    }

    @Test
    void theRealProcTellsOfThisProcess() {
        ProcReader reader = new ProcReader(Path.of("/proc"), 4096);
        long pid = ProcessHandle.current().pid();
        assertEquals(
                ProcessHandle.current().parent().orElseThrow().pid(),
                reader.stat(pid).parent());
        assertTrue(reader.memory(pid).residentBytes() > 1_000_000);
        assertTrue(reader.commandLine(pid).contains("java"));
    }
}
