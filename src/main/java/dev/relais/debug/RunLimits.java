package dev.relais.debug;

import dev.relais.slot.SlotStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongPredicate;

/**
 * The time limit of what the children of a lane run. The time during which a debugger is attached does not count: somebody may look at a
 * breakpoint for as long as they like. It counts in steps, those in which the children are looked at. Confined to the supervisor's thread.
 */
final class RunLimits {
    private static final class Run {
        final long pid;
        final long served;
        long countedNanos;

        Run(SlotStatus slot) {
            pid = slot.pid();
            served = slot.served();
        }

        boolean is(SlotStatus slot) {
            return pid == slot.pid() && served == slot.served();
        }
    }

    private final long limitNanos;
    private final LongPredicate attached;
    private final Map<Integer, Run> runs = new HashMap<>();

    /** @param attached whether a process has a debugger; may block for a short time */
    RunLimits(long limitNanos, LongPredicate attached) {
        this.limitNanos = limitNanos;
        this.attached = attached;
    }

    /**
     * Looks at the child of a slot.
     *
     * @param elapsedNanos since the last look
     * @return whether what it runs has used up its time
     */
    boolean isOver(int slot, SlotStatus now, long elapsedNanos) {
        if (now.runningMillis() < 0) {
            runs.remove(slot);
            return false;
        }
        Run run = runs.get(slot);
        if (run == null || !run.is(now)) {
            runs.put(slot, new Run(now));
        } else if (!attached.test(now.pid())) {
            run.countedNanos += elapsedNanos;
            return run.countedNanos >= limitNanos;
        }
        return false;
    }
}
