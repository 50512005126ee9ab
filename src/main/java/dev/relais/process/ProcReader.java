package dev.relais.process;

import dev.relais.Digits;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code /proc} (proc(5)). A process may vanish at any instant; the result is then null and never an exception. Reads
 * block, though only for a short time, so they belong on the supervisor's and the sampler's thread. Immutable, any thread.
 */
public final class ProcReader {
    /** The flag of a listening socket in {@code /proc/net/unix}. */
    private static final String LISTENS = "00010000";

    /** Of a stat line behind the name; the others are not looked at. */
    private static final int FIELDS = 3;

    private static final int USUAL_BYTES = 512;

    private final Path proc;
    private final int pageBytes;

    /** That of this machine. */
    public ProcReader() {
        this(Path.of("/proc"), PageSize.ofThisMachine());
    }

    /**
     * @param proc {@code /proc}, or a copy of it in a test
     * @param pageBytes the size of a page
     */
    public ProcReader(Path proc, int pageBytes) {
        if (pageBytes < 1) {
            throw new IllegalArgumentException("page of " + pageBytes + " bytes");
        }
        this.proc = proc;
        this.pageBytes = pageBytes;
    }

    /**
     * One line of {@code /proc/<pid>/stat}.
     *
     * @param state R, S, D, T, Z, ...
     * @param group the process group, which for a master's children is the master's number (src/docs/facts.md, fact 12)
     */
    public record Stat(long pid, char state, long parent, long group) {
        /** A zombie has ended; only its parent has not asked yet (src/docs/facts.md, fact 13). */
        public boolean ended() {
            return state == 'Z' || state == 'X' || state == 'x';
        }
    }

    /**
     * @param residentBytes the resident set; shared pages count for each process, so sums mislead (src/docs/facts.md, fact 4)
     * @param anonymousBytes the part of it that is neither a file's nor shared memory; what a child still shares with its master counts too
     */
    public record Memory(long residentBytes, long anonymousBytes) {}

    /** The stat line of a process, or null when there is none. */
    public @Nullable Stat stat(long pid) {
        String line = read(pid, "stat");
        if (line == null) {
            return null;
        }
        // The second field is the program's name in parentheses, and a name may hold spaces and parentheses itself.
        int name = line.lastIndexOf(')');
        String[] fields =
                name < 0 ? new String[0] : line.substring(name + 1).strip().split(" ", FIELDS + 1);
        if (fields.length < FIELDS) {
            return null;
        }
        try {
            // Field 3 of proc(5), the state, is fields[0] here.
            return new Stat(pid, fields[0].charAt(0), Long.parseLong(fields[1]), Long.parseLong(fields[2]));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Whether this process runs, and not a later one with the same id. A zombie does not run. */
    public boolean runs(ProcessHandle process) {
        Stat stat = stat(process.pid());
        return stat != null && !stat.ended() && process.isAlive();
    }

    /** The memory of a process, or null when there is none. */
    public @Nullable Memory memory(long pid) {
        String line = read(pid, "statm");
        String[] fields = line == null ? new String[0] : line.strip().split(" ");
        if (fields.length < 3 || !fields[1].matches("\\d{1,15}") || !fields[2].matches("\\d{1,15}")) {
            return null;
        }
        long resident = Long.parseLong(fields[1]);
        long ofFiles = Long.parseLong(fields[2]);
        return new Memory(resident * pageBytes, (resident - ofFiles) * pageBytes);
    }

    /**
     * What a process has had of the processors since it began, to the nanosecond.
     *
     * @param ranNanos in which it had one
     * @param waitedNanos in which it could have run and had none
     */
    public record CpuTime(long ranNanos, long waitedNanos) {}

    /**
     * The processor time of a process of one thread, or null when there is none or the kernel does not say. The kernel makes the answer
     * out of its own memory, without waiting for anything: an event loop may ask now and then.
     */
    public @Nullable CpuTime cpuTime(long pid) {
        String line = pid < 0 ? null : read(pid, "schedstat"); // Documentation/scheduler/sched-stats.rst
        String[] fields = line == null ? new String[0] : line.strip().split(" ");
        if (fields.length < 2 || !fields[0].matches("\\d{1,18}") || !fields[1].matches("\\d{1,18}")) {
            return null;
        }
        return new CpuTime(Long.parseLong(fields[0]), Long.parseLong(fields[1]));
    }

    /** Resident shared memory, such as the opcache's; 0 when there is no process. */
    public long sharedBytes(long pid) {
        String status = pid < 0 ? null : read(pid, "status");
        if (status != null) {
            for (String line : status.split("\n")) {
                if (line.startsWith("RssShmem:")) {
                    return Digits.among(line, 0, line.length()) * 1024;
                }
            }
        }
        return 0;
    }

    /** The command line with its arguments parted by spaces; a daemon may have put its title there. Null when there is no process. */
    public @Nullable String commandLine(long pid) {
        String line = read(pid, "cmdline");
        return line == null ? null : line.replace('\0', ' ').strip();
    }

    /** The members of a process group that have not ended; scans every process of the host. */
    public List<Long> group(long group) {
        List<Long> members = new ArrayList<>();
        for (Stat stat : all()) {
            if (stat.group() == group && !stat.ended()) {
                members.add(stat.pid());
            }
        }
        return members;
    }

    private List<Stat> all() {
        List<Stat> all = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path entry : entries) {
                Stat stat = stat(Long.parseLong(entry.getFileName().toString()));
                if (stat != null) {
                    all.add(stat);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new IllegalStateException("cannot list " + proc, e);
        }
        return all;
    }

    /** The processes whose parent this one is, zombies among them; complete only when it is stopped. Empty when there is none. */
    public List<Long> children(long pid) {
        List<Long> children = new ArrayList<>();
        try (DirectoryStream<Path> threads =
                Files.newDirectoryStream(proc.resolve(Long.toString(pid)).resolve("task"))) {
            for (Path thread : threads) {
                String line = read(pid, "task/" + thread.getFileName() + "/children");
                if (line == null && stat(pid) != null) {
                    return childrenByParent(pid); // a kernel without CONFIG_PROC_CHILDREN
                }
                for (String number : line == null || line.isBlank()
                        ? new String[0]
                        : line.strip().split(" ")) {
                    children.add(Long.parseLong(number));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return List.of();
        }
        return children;
    }

    private List<Long> childrenByParent(long pid) {
        List<Long> children = new ArrayList<>();
        for (Stat stat : all()) {
            if (stat.parent() == pid) {
                children.add(stat.pid());
            }
        }
        return children;
    }

    /**
     * Whether a connection to this Unix socket is open on the listener's side, which is so when it is accepted and not yet
     * closed, or still in the backlog, whatever the other side has done. True when the kernel does not say.
     *
     * @param socket a path without white space
     */
    public boolean isConnected(Path socket) {
        String table = read("net/unix");
        for (String line : table == null ? new String[0] : table.split("\n")) {
            if (line.endsWith(" " + socket) && !line.split(" +")[3].equals(LISTENS)) {
                return true;
            }
        }
        return table == null;
    }

    /** The folder of a process, whether there is one or not. */
    Path folder(long pid) {
        return proc.resolve(Long.toString(pid));
    }

    /** The content of a file of a process; null when there is none, or this user may not read it. */
    @Nullable
    String read(long pid, String file) {
        return read(pid + "/" + file);
    }

    private @Nullable String read(String file) {
        // Files of the kernel have no length that tells how large a buffer they need, so the usual ways take one of
        // many kilobytes. The
        // lines that are looked at each second, for each child, are short.
        try (FileInputStream in = new FileInputStream(proc.resolve(file).toFile())) {
            byte[] bytes = new byte[USUAL_BYTES];
            int length = 0;
            for (int read; (read = in.read(bytes, length, bytes.length - length)) > 0; ) {
                length += read;
                if (length == bytes.length) {
                    bytes = Arrays.copyOf(bytes, 2 * length);
                }
            }
            return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return null;
        }
    }
}
