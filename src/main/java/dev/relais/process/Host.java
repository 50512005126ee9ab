package dev.relais.process;

import java.time.Duration;

/**
 * The parts of the operating system that processes are started, looked at and ended with.
 *
 * @param starter starts a process
 * @param command runs a short program to its end
 * @param proc reads {@code /proc}
 * @param groups ends whole process groups
 * @param tree ends what a process has started
 */
public record Host(ProcessStarter starter, Command command, ProcReader proc, ProcessGroups groups, ProcessTree tree) {
    /** How long a program that is run at the start may take. */
    public static final Duration COMMAND_DEADLINE = Duration.ofSeconds(10);

    /** The number of this process. */
    public static long ownPid() {
        return ProcessHandle.current().pid();
    }

    /** This machine. Once for the gateway's life, by a thread of usual niceness, see {@link StarterThread}. Blocks for the time of a fork. */
    public static Host local() {
        ProcessStarter starter = new StarterThread();
        Command command = new Command(starter, COMMAND_DEADLINE);
        return of(starter, command, new ProcReader());
    }

    /** A host with other ways to start processes or to look at them. */
    public static Host of(ProcessStarter starter, Command command, ProcReader proc) {
        return new Host(starter, command, proc, new ProcessGroups(proc, command), new ProcessTree(proc, command));
    }
}
