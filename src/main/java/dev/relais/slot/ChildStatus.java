package dev.relais.slot;

import dev.relais.process.ProcReader;
import dev.relais.process.ProcessMemory;
import java.time.Instant;

/**
 * One child at one instant, for operators.
 *
 * @param pid of the process last proven; -1 before the first
 * @param started when that process began; null before the first
 * @param function the one it runs; null when it runs none
 * @param served exchanges that this process has ended
 * @param exchanges ended by all processes of this slot since the gateway's start
 * @param failures exchanges of the slot that broke off
 * @param residentBytes -1 when there is no such process
 * @param privateBytes what ending the process would free, see {@link ProcessMemory}; -1 where the kernel does not say
 */
public record ChildStatus(
        State state,
        long pid,
        Instant started,
        String function,
        long served,
        long exchanges,
        long failures,
        long residentBytes,
        long privateBytes) {
    /** Looks at a child and its memory. Not on an event loop: blocks for some milliseconds. */
    public static ChildStatus of(Child child, ProcReader proc) {
        State state = child.state();
        UsualLatency usual = child.usualLatency();
        boolean runs = usual != null && state.compareTo(State.BUSY) >= 0;
        ChildProcess process = child.process();
        ProcReader.Memory memory = process == null ? null : proc.memory(process.pid());
        return new ChildStatus(
                state,
                child.pid(),
                process == null ? null : process.started(),
                runs ? usual.function() : null,
                child.served(),
                child.exchanges(),
                child.failures(),
                memory == null ? -1 : memory.residentBytes(),
                memory == null ? -1 : new ProcessMemory(proc).privateBytes(process.pid()));
    }

    /** What a child does. */
    public enum State {
        /** No process has answered on its connection yet, or not since that broke. */
        STARTING,
        IDLE,
        /** Claimed, or running a script. */
        BUSY,
        /** Running the rest of a script whose answer is complete. */
        FINISHING,
        /** Being replaced, or running its last script: its worker leaves. */
        RETIRING
    }
}
