package dev.relais.worker;

import dev.relais.events.Events;
import dev.relais.slot.RecycleConfig;
import dev.relais.slot.RecycleReason;
import dev.relais.slot.Worker;
import dev.relais.slot.WorkerKind;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The groups of workers: that of all functions, and those of functions and sites with a pool of their own. The groups of pools are
 * {@linkplain #add added} and {@linkplain #remove removed} by the lifecycle; any thread may ask.
 */
@Singleton
public class WorkerGroups {
    /** The numbers of pools' workers follow those of the generations and of the workers beside them, of which there are fewer than this. */
    private static final int BESIDE = 16;

    private final WorkerGroup main;
    private final WorkersConfig config;
    private final RecycleConfig recycling;
    private final Events events;
    private final LongSupplier nanos;
    private final InstantSource clock;
    private final Map<RecycleReason, Long> past =
            new EnumMap<>(RecycleReason.class); // of those removed; guarded by this
    private volatile List<WorkerGroup> all;
    private volatile List<Integer> numbers = List.of(); // of the pools' workers, in the order of their groups

    @Inject
    public WorkerGroups(WorkerGroup main, WorkersConfig config, RecycleConfig recycling, Events events) {
        this(main, config, recycling, events, System::nanoTime, InstantSource.system());
    }

    WorkerGroups(
            WorkerGroup main,
            WorkersConfig config,
            RecycleConfig recycling,
            Events events,
            LongSupplier nanos,
            InstantSource clock) {
        this.nanos = nanos;
        this.clock = clock;
        this.main = main;
        this.config = config;
        this.recycling = recycling;
        this.events = events;
        this.all = List.of(main);
    }

    /** That of all functions without a pool. */
    public WorkerGroup main() {
        return main;
    }

    /** All groups that have processes, the first of all. */
    public List<WorkerGroup> all() {
        return all;
    }

    /**
     * Adds a group of one worker, whose number no other worker has. The caller starts it.
     *
     * @param generation the number of its first generation
     */
    public WorkerGroup add(WorkerKind kind, int children, int generation) {
        return add(kind, children, generation, recycling, null);
    }

    /**
     * Adds a group of one worker whose children may keep an application in memory.
     *
     * @param replaced when its children are replaced
     * @param residents null when they keep none
     */
    public synchronized WorkerGroup add(
            WorkerKind kind, int children, int generation, RecycleConfig replaced, @Nullable ResidentBoots residents) {
        int number = config.count() + BESIDE;
        while (numbers.contains(number)) {
            number++;
        }
        WorkerGroup made = new WorkerGroup(
                new OneWorker(config),
                replaced,
                kind,
                () -> children,
                events,
                new FirstNumbers(number, generation),
                residents,
                nanos,
                clock);
        List<WorkerGroup> groups = new ArrayList<>(all);
        List<Integer> taken = new ArrayList<>(numbers);
        groups.add(made);
        taken.add(number);
        all = List.copyOf(groups);
        numbers = List.copyOf(taken);
        return made;
    }

    /** Removes a group that has stopped, or is about to. Its counts stay. */
    public synchronized void remove(WorkerGroup gone) {
        int at = all.indexOf(gone);
        if (at < 1) {
            return;
        }
        for (RecycleReason reason : RecycleReason.values()) {
            past.merge(reason, gone.recycled(reason), Long::sum);
        }
        List<WorkerGroup> groups = new ArrayList<>(all);
        List<Integer> taken = new ArrayList<>(numbers);
        groups.remove(at);
        taken.remove(at - 1);
        all = List.copyOf(groups);
        numbers = List.copyOf(taken);
    }

    /** As {@link WorkerGroup#endRun}, in whichever group it is. */
    public boolean endRun(long pid, long before, String reason) {
        for (WorkerGroup group : all) {
            if (group.endRun(pid, before, reason)) {
                return true;
            }
        }
        return false;
    }

    /** As {@link WorkerGroup#finishing}, of all groups. */
    public int finishing() {
        int sum = 0;
        for (WorkerGroup group : all) {
            sum += group.finishing();
        }
        return sum;
    }

    /** As {@link WorkerGroup#recycled}, of all groups that there are and were. */
    public synchronized long recycled(RecycleReason reason) {
        long sum = past.getOrDefault(reason, 0L);
        for (WorkerGroup group : all) {
            sum += group.recycled(reason);
        }
        return sum;
    }

    /** The workers that serve, of all groups. */
    public List<Worker> workers() {
        List<WorkerGroup> groups = all;
        if (groups.size() == 1) {
            return main.workers();
        }
        List<Worker> workers = new ArrayList<>();
        for (WorkerGroup group : groups) {
            workers.addAll(group.workers());
        }
        return workers;
    }

    /** Children of a group that run something, for whichever of its generations. */
    public static int used(WorkerGroup group) {
        int used = 0;
        Generation serving = group.serving();
        if (serving != null) {
            used += serving.used();
        }
        for (Generation other : group.others()) {
            used += other.used();
        }
        return used;
    }
}
