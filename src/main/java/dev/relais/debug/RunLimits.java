package dev.relais.debug;

import dev.relais.slot.SlotStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongPredicate;

/**
 * The time limit of what the children of a lane run. The time during which a debugger is attached does not count: somebody may look at a
 * breakpoint for as long as they like. It counts in steps, those in which the children are looked at; whether there is a debugger is asked
 * less often, for the kernel walks through all connections of the machine to tell. Confined to the supervisor's thread.
 */
final class RunLimits {
    /** How long it is believed that a debugger is there, or none. */
    static final Duration BELIEVED = Duration.ofSeconds(2);

    private static final class Run {
        final long pid;
        final long served;
        long countedNanos;
        long believedNanos = BELIEVED.toNanos(); // for how long the answer has been believed: there is none yet
        boolean attached;

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
        } else if (!isAttached(run, elapsedNanos)) {
            run.countedNanos += elapsedNanos;
            return run.countedNanos >= limitNanos;
        }
        return false;
    }

    /** Asks when the answer is old, and once more before a run is ended. */
    private boolean isAttached(Run run, long elapsedNanos) {
        run.believedNanos += elapsedNanos;
        boolean ends = !run.attached && run.countedNanos + elapsedNanos >= limitNanos;
        if (ends || run.believedNanos >= BELIEVED.toNanos()) {
            run.attached = attached.test(run.pid);
            run.believedNanos = 0;
        }
        return run.attached;
    }
}
