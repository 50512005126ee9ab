package dev.relais.process;

import dev.relais.Digits;

/**
 * How much private memory a process has. Shared mappings, such as those of opcache and APCu, do not count, since they stay when
 * the process ends, though the kernel counts a page of theirs as private as long as no other process has used it.
 *
 * <p>{@code statm} is cheap and readable by all; {@code smaps_rollup} costs about forty times that (1 ms was measured, when 25
 * us were for statm), and {@code smaps}, which alone tells shared mappings apart, ten times that again (15 ms); both only for
 * the same user and root. So each is read only when the one before does not decide. Blocks shortly; any thread.
 */
public final class ProcessMemory {
    /** For a shared part below this, {@code smaps} is not read. */
    private static final long NEGLIGIBLE = 1 << 20;

    private final ProcReader proc;

    public ProcessMemory(ProcReader proc) {
        this.proc = proc;
    }

    /** The bytes that the end of the process would free; -1 when there is no such process, or the kernel does not say. */
    public long privateBytes(long pid) {
        return privateBytes(pid, 0);
    }

    /** Whether the process has at least so much private memory. Where the kernel does not say, its anonymous memory decides. */
    public boolean hasAtLeast(long pid, long bytes) {
        ProcReader.Memory memory = proc.memory(pid);
        if (memory == null || memory.residentBytes() < bytes) {
            return false;
        }
        long own = privateBytes(pid, bytes);
        return (own < 0 ? memory.anonymousBytes() : own) >= bytes;
    }

    /** @param enough a result below this need not be exact */
    private long privateBytes(long pid, long enough) {
        String rollup = proc.read(pid, "smaps_rollup");
        if (rollup == null) {
            return -1;
        }
        long all = kibibytes(rollup, "Private_Clean:", "Private_Dirty:");
        if (all < enough || all <= NEGLIGIBLE) {
            return all;
        }
        boolean mayBeShared = proc.sharedBytes(pid) > NEGLIGIBLE // shared memory
                || all - kibibytes(rollup, "Anonymous:", "Anonymous:") > NEGLIGIBLE; // files
        String smaps = mayBeShared ? proc.read(pid, "smaps") : null;
        return smaps == null ? all : ofItsOwnMappings(smaps);
    }

    /**
     * The memory that a group of processes takes from the host: what each has for itself, and once what they share.
     *
     * @param pids their ids; -1 for none
     */
    public long groupBytes(long[] pids) {
        long shares = 0;
        long own = 0; // of processes whose share the kernel does not report
        long shared = 0;
        for (long pid : pids) {
            if (pid >= 0) {
                long share = shareBytes(pid);
                shares += Math.max(0, share);
                own += share < 0 ? own(pid) : 0;
                // All processes map the same memory, and each counts the part that it has used. The largest part is
                // nearly all of it.
                shared = Math.max(shared, share < 0 ? proc.sharedBytes(pid) : 0);
            }
        }
        return shares + own + shared;
    }

    /**
     * The shared memory that a group of processes uses together, such as the opcache of a master.
     *
     * @param pids their ids; -1 for none
     * @return -1 where the kernel does not say
     */
    public long groupSharedBytes(long[] pids) {
        long shared = 0;
        boolean known = false;
        for (long pid : pids) {
            String rollup = pid < 0 ? null : proc.read(pid, "smaps_rollup");
            if (rollup != null && rollup.contains("Pss_Shmem:")) {
                shared += kibibytes(rollup, "Pss_Shmem:", "Pss_Shmem:");
                known = true;
            }
        }
        return known ? shared : -1;
    }

    private long own(long pid) {
        long exact = privateBytes(pid);
        ProcReader.Memory known = exact >= 0 ? null : proc.memory(pid);
        return known == null ? Math.max(0, exact) : known.anonymousBytes();
    }

    /**
     * The process's proportional share of the memory of a group of processes, so that the sum over the group is what the group
     * takes from the host. Pages of files are left out, since the kernel can drop them. -1 where the kernel does not say.
     */
    private long shareBytes(long pid) {
        String rollup = proc.read(pid, "smaps_rollup");
        return rollup == null || !rollup.contains("Pss_Anon:") ? -1 : kibibytes(rollup, "Pss_Anon:", "Pss_Shmem:");
    }

    private static long ofItsOwnMappings(String smaps) {
        long bytes = 0;
        boolean shared = false;
        for (int at = 0; at < smaps.length(); ) {
            int end = smaps.indexOf('\n', at);
            end = end < 0 ? smaps.length() : end;
            char first = smaps.charAt(at);
            if (first >= '0' && first <= '9' || first >= 'a' && first <= 'f') {
                // 7f0123456000-7f0123457000 rw-s 00000000 00:01 1234   /dev/zero (deleted)
                int space = smaps.indexOf(' ', at);
                shared = space > 0 && space + 4 < smaps.length() && smaps.charAt(space + 4) == 's';
            } else if (!shared && smaps.startsWith("Private_", at) && !smaps.startsWith("Private_Hugetlb", at)) {
                bytes += Digits.among(smaps, at, end);
            }
            at = end + 1;
        }
        return bytes * 1024;
    }

    /** The sum of two lines in bytes; of one when they are the same. */
    private static long kibibytes(String text, String one, String other) {
        long sum = 0;
        for (int at = 0; at < text.length(); ) {
            int end = text.indexOf('\n', at);
            end = end < 0 ? text.length() : end;
            if (text.startsWith(one, at) || text.startsWith(other, at)) {
                sum += Digits.among(text, at, end);
            }
            at = end + 1;
        }
        return sum * 1024;
    }
}
