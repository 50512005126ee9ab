package dev.relais.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessSightTest {
    private static final String HEAD =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    @TempDir
    Path proc;

    private final ProcessSight sight = new ProcessSight(
            new ProcReader(Path.of("/proc"), 4096), ProcessHandle.current().pid());

    @Test
    void aRealProcessTellsItsStateItsTimeAndItsPeers() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
            assertTrue(client.isConnected());
            assertTrue(
                    (" " + sight.peers() + " ").contains(" 127.0.0.1:" + server.getLocalPort() + " ")
                            || sight.peers().split(" ").length == 8,
                    sight.peers()); // this JVM may have more than are told
            assertTrue(sight.cpuNanos() > 0);
            assertTrue(sight.state().matches("[RSD]"), sight.state());
        }
    }

    @Test
    void whatTheKernelWritesIsUnderstood() throws Exception {
        Assumptions.assumeTrue(
                ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "the addresses here are of such a machine");
        Path process = Files.createDirectories(proc.resolve("7/fd")).getParent();
        Files.createDirectories(process.resolve("net"));
        Files.writeString(process.resolve("wchan"), "do_sys_poll");
        Files.writeString(process.resolve("syscall"), "7 0x7ffe 0x1 0xffffffff 0x0 0x0 0x0 0x7ffe 0x7f01\n");
        Files.writeString(
                process.resolve("stack"), "[<0>] hrtimer_nanosleep+0x8c/0x110\n[<0>] do_syscall_64+0x35/0x80\n");
        Files.createSymbolicLink(process.resolve("fd/0"), Path.of("/dev/null"));
        Files.createSymbolicLink(process.resolve("fd/3"), Path.of("socket:[111]"));
        Files.createSymbolicLink(process.resolve("fd/4"), Path.of("socket:[222]"));
        Files.createSymbolicLink(process.resolve("fd/5"), Path.of("socket:[333]"));
        Files.createSymbolicLink(process.resolve("fd/6"), Path.of("socket:[444]"));
        Files.writeString(
                process.resolve("net/tcp"),
                HEAD
                        + line("0100007F:9C40 0700000A:0CEA 01", 111) // 10.0.0.7:3306
                        + line("0100007F:9C41 0800000A:0050 01", 999) // another process'
                        + line("0100007F:1F90 00000000:0000 0A", 222)); // listens
        Files.writeString(
                process.resolve("net/tcp6"),
                HEAD
                        + line("00000000000000000000000001000000:9C40 B80D0120000000000000000001000000:01BB 02", 333)
                        + line("00000000000000000000000001000000:9C42 0000000000000000FFFF00000900000A:01BB 01", 444));
        ProcessSight seen = new ProcessSight(new ProcReader(proc, 4096), 7);
        assertEquals("do_sys_poll", seen.waitsIn());
        assertEquals("7", seen.systemCall());
        assertEquals("hrtimer_nanosleep < do_syscall_64", seen.kernelStack());
        assertEquals("10.0.0.7:3306 [2001:db8:0:0:0:0:0:1]:443 10.0.0.9:443", seen.peers());
    }

    private static String line(String addressesAndState, int inode) {
        return "   0: " + addressesAndState + " 00000000:00000000 00:00000000 00000000  1000        0 " + inode
                + " 1 0 20 0 0 10 -1\n";
    }

    @Test
    void whatIsNotToldIsNull() throws Exception {
        Path process = Files.createDirectories(proc.resolve("7"));
        Files.writeString(process.resolve("wchan"), "0");
        Files.writeString(process.resolve("syscall"), "");
        for (long pid : new long[] {7, 8}) {
            ProcessSight seen = new ProcessSight(new ProcReader(proc, 4096), pid);
            assertEquals(-1, seen.cpuNanos());
            assertNull(seen.state());
            assertNull(seen.waitsIn());
            assertNull(seen.systemCall());
            assertNull(seen.kernelStack());
            assertNull(seen.peers());
        }
    }
}
