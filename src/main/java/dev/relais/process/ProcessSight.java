package dev.relais.process;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /proc} tells of what a process does now (proc(5)), without stopping it. Each answer is null when there is no such process, or the
 * kernel does not say it to this user: another user's open files are root's to see, and the stack is root's in any case. Each method reads anew
 * and blocks for some milliseconds at most. Any thread.
 */
public final class ProcessSight {
    private static final int MOST_FRAMES = 6;
    private static final int MOST_PEERS = 8;
    private static final String SOCKET = "socket:[";
    /** Of a line of {@code /proc/net/tcp}: the other side, the state and the inode. */
    private static final int REMOTE = 2;

    private static final int STATE = 3;
    private static final int USER = 7;
    private static final int INODE = 9;
    private static final String ESTABLISHED = "01";
    /** Established, and a connection that is being opened (include/net/tcp_states.h). */
    private static final Set<String> OPEN = Set.of("01", "02");

    private final ProcReader proc;
    private final long pid;

    public ProcessSight(ProcReader proc, long pid) {
        this.proc = proc;
        this.pid = pid;
    }

    /** What it had of the processors since it began; -1 when that is not known. */
    public long cpuNanos() {
        ProcReader.CpuTime time = proc.cpuTime(pid);
        return time == null ? -1 : time.ranNanos();
    }

    /** Such as R, S or D. */
    public @Nullable String state() {
        ProcReader.Stat stat = proc.stat(pid);
        return stat == null ? null : String.valueOf(stat.state());
    }

    /** The function of the kernel that it waits in. */
    public @Nullable String waitsIn() {
        String name = proc.read(pid, "wchan");
        return name == null || name.isBlank() || name.strip().equals("0") ? null : name.strip();
    }

    /** The number of the system call that it is in, by the machine's own numbers; "running" when it is in none. */
    public @Nullable String systemCall() {
        String line = proc.read(pid, "syscall");
        return line == null || line.isBlank() ? null : line.strip().split(" ", 2)[0];
    }

    /** The functions of the kernel that it is in, the innermost first. */
    public @Nullable String kernelStack() {
        String text = proc.read(pid, "stack");
        StringBuilder frames = new StringBuilder();
        int count = 0;
        for (String line : text == null ? new String[0] : text.split("\n")) {
            int begin = line.indexOf("] ") + 2;
            int end = line.indexOf('+', begin);
            if (begin >= 2 && end > begin && count++ < MOST_FRAMES) {
                frames.append(frames.isEmpty() ? "" : " < ").append(line, begin, end);
            }
        }
        return frames.isEmpty() ? null : frames.toString();
    }

    /** The other sides of its open TCP connections, such as {@code 10.0.0.7:3306}. */
    public @Nullable String peers() {
        Set<String> inodes = sockets();
        Set<String> peers = new LinkedHashSet<>();
        if (!inodes.isEmpty()) {
            addPeers("net/tcp", inodes, peers);
            addPeers("net/tcp6", inodes, peers);
        }
        return peers.isEmpty() ? null : String.join(" ", peers);
    }

    /**
     * Whether it has an open connection to this port of any host. Where its open files are not shown, a connection of its user that its
     * network has counts as its own.
     */
    public boolean isConnectedTo(int port) {
        Set<String> inodes = sockets();
        String user = inodes.isEmpty() ? user() : "";
        return isConnectedTo(port, "net/tcp", inodes, user) || isConnectedTo(port, "net/tcp6", inodes, user);
    }

    private boolean isConnectedTo(int port, String table, Set<String> inodes, String user) {
        String text = proc.read(pid, table);
        String toPort =
                String.format(":%04X %s ", port, ESTABLISHED); // the remote port and the state stand side by side
        int found = text == null ? -1 : text.indexOf(toPort);
        while (text != null && found >= 0) {
            int end = text.indexOf('\n', found);
            String line = text.substring(text.lastIndexOf('\n', found) + 1, end < 0 ? text.length() : end);
            String[] fields = line.strip().split(" +");
            if (fields.length > INODE && (inodes.contains(fields[INODE]) || fields[USER].equals(user))) {
                return true;
            }
            found = text.indexOf(toPort, found + 1);
        }
        return false;
    }

    /** The number of its user; empty when that is not known. */
    private String user() {
        String status = proc.read(pid, "status");
        int begin = status == null ? -1 : status.indexOf("\nUid:");
        return status == null || begin < 0
                ? ""
                : status.substring(begin + 5).strip().split("\\s", 2)[0];
    }

    private Set<String> sockets() {
        Set<String> inodes = new HashSet<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(proc.folder(pid).resolve("fd"))) {
            for (Path file : files) {
                String target = target(file);
                if (target.startsWith(SOCKET)) {
                    inodes.add(target.substring(SOCKET.length(), target.length() - 1));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return Set.of();
        }
        return inodes;
    }

    private static String target(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }

    /** @param table as the process' own network namespace has it */
    private void addPeers(String table, Set<String> inodes, Set<String> peers) {
        String text = proc.read(pid, table);
        for (String line : text == null ? new String[0] : text.split("\n")) {
            String[] fields = line.strip().split(" +");
            if (fields.length > INODE
                    && peers.size() < MOST_PEERS
                    && OPEN.contains(fields[STATE])
                    && inodes.contains(fields[INODE])) {
                String peer = address(fields[REMOTE]);
                if (peer != null) {
                    peers.add(peer);
                }
            }
        }
    }

    /** Each four bytes of the address are a number in the machine's order; the port is one as usual. */
    private static @Nullable String address(String field) {
        int colon = field.indexOf(':');
        if (colon != 8 && colon != 32) {
            return null;
        }
        try {
            ByteBuffer bytes = ByteBuffer.allocate(colon / 2).order(ByteOrder.nativeOrder());
            for (int i = 0; i < colon; i += 8) {
                bytes.putInt(Integer.parseUnsignedInt(field.substring(i, i + 8), 16));
            }
            InetAddress address =
                    InetAddress.getByAddress(bytes.array()); // an IPv4 address in IPv6 becomes one of IPv4
            String text = address.getHostAddress();
            return (text.indexOf(':') >= 0 ? "[" + text + "]" : text) + ":"
                    + Integer.parseUnsignedInt(field.substring(colon + 1), 16);
        } catch (IOException | NumberFormatException e) {
            return null;
        }
    }
}
