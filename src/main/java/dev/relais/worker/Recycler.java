package dev.relais.worker;

import dev.relais.process.ProcReader;
import dev.relais.process.ProcessMemory;
import dev.relais.slot.Child;
import dev.relais.slot.ChildState;
import dev.relais.slot.RecycleReason;
import dev.relais.slot.Recycling;
import dev.relais.slot.Slot;
import dev.relais.slot.Worker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Finds children that are due for replacement because of their age or memory, and requests their replacement; {@link Slot}
 * chooses a moment at which the child runs nothing. Confined to the supervisor thread.
 */
final class Recycler implements Runnable {
    /** How often it looks. */
    static final Duration INTERVAL = Duration.ofSeconds(1);
    /** How many children's memory is checked each time; the time for it is limited too, because the supervisor has other work. */
    private static final int LOOKS = 16;

    private static final long LOOKS_NANOS = 20_000_000;

    private final Recycling recycling;
    private final Supplier<List<Worker>> workers;
    private final ProcessMemory memory;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final ProcReader proc;
    private final Map<Child, Long> first =
            new HashMap<>(); // the anonymous memory of processes when they were first looked at
    private final Set<Child> grown =
            new HashSet<>(); // that were too large when they were last looked at, and ran something
    private int cursor; // the index of the child whose memory is checked next

    Recycler(
            Recycling recycling,
            Supplier<List<Worker>> workers,
            ProcReader proc,
            InstantSource clock,
            LongSupplier nanos) {
        this.recycling = recycling;
        this.workers = workers;
        this.proc = proc;
        this.memory = new ProcessMemory(proc);
        this.clock = clock;
        this.nanos = nanos;
    }

    @Override
    public void run() {
        List<Worker> current = workers.get();
        int children = 0;
        for (Worker worker : current) {
            for (int i = 0; i < worker.size(); i++) {
                Slot slot = worker.slot(i);
                Child child = slot.child();
                if (child != null && recycling.isOld(Duration.between(child.started(), clock.instant()))) {
                    slot.recycle(child, RecycleReason.AGE);
                }
            }
            children += worker.size();
        }
        if (first.size() > 2 * children) {
            forget(current);
        }
        if (recycling.looksAtMemory() && children > 0) {
            long begin = nanos.getAsLong();
            for (int looks = Math.min(LOOKS, children); looks > 0; looks--) {
                if (nanos.getAsLong() - begin > LOOKS_NANOS) {
                    break; // the next look begins at the cursor
                }
                cursor = (cursor + 1) % children;
                lookAtMemory(at(current, cursor));
            }
        }
    }

    private static Slot at(List<Worker> workers, int index) {
        int left = index;
        for (Worker worker : workers) {
            if (left < worker.size()) {
                return worker.slot(left);
            }
            left -= worker.size();
        }
        throw new IndexOutOfBoundsException(index);
    }

    /**
     * Checks the memory of an idle child, because a running script may still release what it holds. A child that keeps what it has grown by is
     * too large at the next look, too, even if it is never seen idle.
     */
    private void lookAtMemory(Slot slot) {
        Child child = slot.child();
        ChildState state = slot.childState();
        if (child == null || state != ChildState.IDLE && state != ChildState.BUSY) {
            return;
        }
        boolean idle = state == ChildState.IDLE;
        boolean hasGrown = hasGrown(child);
        boolean again = hasGrown ? !grown.add(child) : grown.remove(child);
        if (idle && memory.hasAtLeast(child.pid(), recycling.memoryBytes()) || hasGrown && (idle || again)) {
            slot.recycle(child, RecycleReason.MEMORY);
        }
    }

    private boolean hasGrown(Child child) {
        ProcReader.Memory now = recycling.growthBytes() == Long.MAX_VALUE ? null : proc.memory(child.pid());
        if (now == null) {
            return false;
        }
        Long before = first.putIfAbsent(child, now.anonymousBytes());
        return before != null && now.anonymousBytes() - before >= recycling.growthBytes();
    }

    /** Forgets processes that have ended. */
    private void forget(List<Worker> current) {
        Set<Child> there = new HashSet<>();
        for (Worker worker : current) {
            for (int i = 0; i < worker.size(); i++) {
                Child child = worker.slot(i).child();
                if (child != null) {
                    there.add(child);
                }
            }
        }
        first.keySet().retainAll(there);
        grown.retainAll(there);
    }
}
