package dev.relais.slow;

import dev.relais.events.Event;
import dev.relais.events.Events;
import dev.relais.events.WorkerEvent;
import dev.relais.process.ProcReader;
import dev.relais.process.ProcessSight;
import dev.relais.slot.ChildState;
import dev.relais.slot.SlotStatus;
import dev.relais.slot.Worker;
import dev.relais.worker.WorkerGroup;
import dev.relais.worker.WorkerGroups;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds runs that take longer than {@code relais.slow.threshold}, by looking at all slots now and then: a slot that is seen twice with the same
 * number of ended exchanges has run the same script all the time. So a run is somewhat older than it is said to be. Confined to the thread of
 * the ticks.
 */
@Singleton
public final class SlowRuns {
    /** Each function is told of once in this time. */
    static final long AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** So many functions are remembered as told of; the oldest is forgotten, and may be told of again. */
    static final int MOST_FUNCTIONS = 1000;

    private record Place(int worker, int slot) {}

    /** A run that lasts. */
    private static final class Run {
        final long pid;
        final long exchanges;
        final long sinceNanos;
        long cpuNanos = -1; // when it was looked at for the second time
        long cpuSinceNanos;
        boolean told;

        Run(SlotStatus slot, long nowNanos) {
            pid = slot.pid();
            exchanges = slot.exchanges();
            sinceNanos = nowNanos;
        }

        boolean is(SlotStatus slot) {
            return pid == slot.pid() && exchanges == slot.exchanges();
        }
    }

    /** What is told in one tick, whose thread has other work; where all wait for the same, the others follow in the next ones. */
    private static final int MOST_AT_A_TIME = 4;

    private final long thresholdNanos;
    private final Supplier<Map<Integer, List<SlotStatus>>> slots;
    private final LongFunction<ProcessSight> sight;
    private final Consumer<Event> events;
    private final LongSupplier nanos;
    private Map<Place, Run> runs = new HashMap<>();
    private int looks; // that are left in this tick
    private final Map<String, Long> told = new LinkedHashMap<>(); // when, by function; the oldest first

    @Inject
    SlowRuns(SlowConfig config, WorkerGroups groups, Events events) {
        this(config, () -> slots(groups), sight(new ProcReader()), events::add, System::nanoTime);
    }

    /**
     * @param slots gives the slots of each worker that serves, by its number
     * @param sight looks at a process
     * @param nanos as {@link System#nanoTime}
     */
    SlowRuns(
            SlowConfig config,
            Supplier<Map<Integer, List<SlotStatus>>> slots,
            LongFunction<ProcessSight> sight,
            Consumer<Event> events,
            LongSupplier nanos) {
        SlowConfig.check(config);
        this.thresholdNanos = config.threshold().toNanos();
        this.slots = slots;
        this.sight = sight;
        this.events = events;
        this.nanos = nanos;
    }

    private static LongFunction<ProcessSight> sight(ProcReader proc) {
        return pid -> new ProcessSight(proc, pid);
    }

    private static Map<Integer, List<SlotStatus>> slots(WorkerGroups groups) {
        Map<Integer, List<SlotStatus>> slots = new HashMap<>();
        for (WorkerGroup group : groups.all()) {
            for (Worker worker : group.workers()) {
                slots.put(worker.id(), group.slots(worker, false));
            }
        }
        return slots;
    }

    /** Looks once. */
    public void tick() {
        if (thresholdNanos == 0) {
            return;
        }
        long now = nanos.getAsLong();
        looks = MOST_AT_A_TIME;
        Map<Place, Run> lasting = new HashMap<>();
        slots.get().forEach((worker, ofWorker) -> {
            for (int i = 0; i < ofWorker.size(); i++) {
                SlotStatus slot = ofWorker.get(i);
                if (runs(slot)) {
                    Place place = new Place(worker, i);
                    Run run = runs.get(place);
                    lasting.put(
                            place, run != null && run.is(slot) ? again(worker, slot, run, now) : new Run(slot, now));
                }
            }
        });
        runs = lasting;
    }

    private static boolean runs(SlotStatus slot) {
        return slot.function() != null && (slot.state() == ChildState.BUSY || slot.state() == ChildState.FINISHING);
    }

    private Run again(int worker, SlotStatus slot, Run run, long now) {
        if (run.cpuNanos < 0) {
            run.cpuNanos = sight.apply(run.pid).cpuNanos();
            run.cpuSinceNanos = now;
        }
        if (!run.told && looks > 0 && now - run.sinceNanos >= thresholdNanos) {
            run.told = true;
            tell(worker, slot, run, now);
        }
        return run;
    }

    private void tell(int worker, SlotStatus slot, Run run, long now) {
        String function = slot.function();
        Long last = function == null ? null : told.get(function);
        if (function == null || last != null && now - last < AGAIN_NANOS) {
            return;
        }
        told.remove(function);
        told.put(function, now);
        if (told.size() > MOST_FUNCTIONS) {
            told.remove(told.keySet().iterator().next());
        }
        looks--;
        ProcessSight process = sight.apply(run.pid);
        events.accept(new WorkerEvent.RunSlow(
                worker,
                run.pid,
                function,
                TimeUnit.NANOSECONDS.toSeconds(now - run.sinceNanos),
                cpuShare(process, run, now),
                process.state(),
                process.waitsIn(),
                process.systemCall(),
                process.kernelStack(),
                process.peers()));
    }

    /** The part of the time that it had a processor, in percent; null when that is not known. */
    private static @Nullable Integer cpuShare(ProcessSight process, Run run, long now) {
        long used = process.cpuNanos() - run.cpuNanos;
        long passed = now - run.cpuSinceNanos;
        return run.cpuNanos < 0 || used < 0 || passed <= 0 ? null : (int) (100 * used / passed);
    }
}
