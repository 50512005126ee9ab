package dev.relais.process;

import dev.relais.Digits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Ends whole process groups, since a master's children outlive it (src/docs/facts.md, fact 12). Blocks the caller's thread; stateless, any
 * thread.
 */
public final class ProcessGroups {
    private final ProcReader proc;
    private final Command command;
    private final LongSupplier nanos;

    public ProcessGroups(ProcReader proc, Command command) {
        this(proc, command, System::nanoTime);
    }

    /** @param nanos as {@link System#nanoTime} */
    ProcessGroups(ProcReader proc, Command command, LongSupplier nanos) {
        this.proc = proc;
        this.command = command;
        this.nanos = nanos;
    }

    /**
     * Sends SIGKILL to every member of a group. One signal reaches all of them at once, so that a script that forks cannot
     * escape it. Where {@code kill} cannot be started, the members are ended one by one.
     *
     * @param group above 1
     */
    public void kill(long group) {
        if (group <= 1) {
            // In kill(2), 0 means the own group and -1 all processes; group 1 is that of the container's first process.
            throw new IllegalArgumentException("no group of ours: " + group);
        }
        // "-s KILL --" is the only form that dash, bash and BusyBox all accept with a negative number.
        if (command.run(List.of("/bin/sh", "-c", "kill -s KILL -- \"-$1\"", "relais-kill", Long.toString(group)))
                        .exit()
                < 0) {
            for (long member : proc.group(group)) {
                ProcessHandle.of(member).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    /**
     * Kills a group repeatedly until only zombies are left of it.
     *
     * @return whether that was reached before the deadline; if not, a member hangs in the kernel
     */
    public boolean end(long group, Duration deadline) {
        long end = nanos.getAsLong() + deadline.toNanos();
        while (!proc.group(group).isEmpty()) {
            if (nanos.getAsLong() - end > 0) {
                return false;
            }
            kill(group);
            LockSupport.parkNanos(2_000_000);
        }
        return true;
    }

    /** The number in a pid file; 0 when the file is missing or holds anything else. */
    public static long readPid(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > 32) {
            return 0;
        }
        return Math.max(0, Digits.parse(Files.readString(file).strip(), 9_999_999_999L));
    }
}
