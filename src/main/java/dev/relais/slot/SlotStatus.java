package dev.relais.slot;

import dev.relais.process.ProcReader;
import dev.relais.process.ProcessMemory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One slot and its child at one instant, for operators.
 *
 * @param pid of the process last proven; -1 before the first
 * @param started when that process began; null before the first
 * @param function the function that it runs; null for none
 * @param runningMillis for how long it has run it; -1 for none
 * @param usualMillis for how long exchanges of that function usually hold a child; 0 when that is not known, or it runs none
 * @param served exchanges that this process has ended
 * @param exchanges ended by all processes of this slot since the gateway's start
 * @param failures exchanges of the slot that broke off
 * @param residentBytes -1 when there is no such process
 * @param privateBytes what ending the process would free, see {@link ProcessMemory}; -1 where the kernel does not say
 */
public record SlotStatus(
        ChildState state,
        long pid,
        @Nullable Instant started,
        @Nullable String function,
        long runningMillis,
        double usualMillis,
        long served,
        long exchanges,
        long failures,
        long residentBytes,
        long privateBytes) {
    /** Looks at all slots of a worker, in order, as {@link #of} does at one. */
    public static List<SlotStatus> all(Worker worker, @Nullable ProcReader proc, long nowNanos) {
        List<SlotStatus> slots = new ArrayList<>();
        for (int i = 0; i < worker.size(); i++) {
            slots.add(of(worker.slot(i), proc, nowNanos));
        }
        return slots;
    }

    /**
     * Looks at a slot and the memory of its child. Not to be called on an event loop, because reading the memory blocks for up
     * to some milliseconds.
     *
     * @param proc where the memory is read; null when it is not read and unknown
     * @param nowNanos the time by the clock of the slots
     */
    public static SlotStatus of(Slot slot, @Nullable ProcReader proc, long nowNanos) {
        ChildState state = slot.childState();
        UsualLatency usual = slot.usualLatency();
        Child child = slot.child();
        UsualLatency run = state.compareTo(ChildState.BUSY) >= 0 ? usual : null;
        long residentBytes = -1;
        long privateBytes = -1;
        if (child != null && proc != null) {
            ProcReader.Memory memory = proc.memory(child.pid());
            residentBytes = memory == null ? -1 : memory.residentBytes();
            privateBytes = memory == null ? -1 : new ProcessMemory(proc).privateBytes(child.pid());
        }
        return new SlotStatus(
                state,
                slot.pid(),
                child == null ? null : child.started(),
                run == null ? null : run.function(),
                run == null || !slot.state.isBusy() ? -1 : TimeUnit.NANOSECONDS.toMillis(nowNanos - slot.startedNanos),
                run == null ? 0 : run.nanos() / 1e6,
                slot.served(),
                slot.exchanges(),
                slot.failures(),
                residentBytes,
                privateBytes);
    }
}
