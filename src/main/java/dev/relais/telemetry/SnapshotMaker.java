package dev.relais.telemetry;

import dev.relais.Phase;
import dev.relais.admission.CircuitBreaker;
import dev.relais.admission.CircuitBreakers;
import dev.relais.admission.WaitingRoom;
import dev.relais.balancer.Balancer;
import dev.relais.balancer.Ranked;
import dev.relais.events.Events;
import dev.relais.functions.Functions;
import dev.relais.functions.PoolSettings;
import dev.relais.functions.ResidentSettings;
import dev.relais.slot.ChildState;
import dev.relais.slot.ResidentFacts;
import dev.relais.slot.Residents;
import dev.relais.slot.SlotStatus;
import dev.relais.system.MemoryPlans;
import dev.relais.worker.Generation;
import dev.relais.worker.Generations;
import dev.relais.worker.WorkerGroup;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link Snapshot} by reading the state of the other packages. It is the only reader of their state for meters and
 * operators. Any thread.
 */
@Singleton
final class SnapshotMaker implements Snapshots.Source {
    private final Phase phase;
    private final Functions functions;
    private final WaitingRoom<?> room;
    private final CircuitBreakers breakers;
    private final WorkerGroup group;
    private final Balancer balancer;
    private final Generations generations;
    private final Loads loads;
    private final MemoryPlans plans;
    private final MemoryMeters memory;
    private final Events events;
    private final PoolViews pools;
    private final Residents residents;

    SnapshotMaker(
            Phase phase,
            Functions functions,
            WaitingRoom<?> room,
            CircuitBreakers breakers,
            WorkerGroup group,
            Balancer balancer,
            Generations generations,
            Loads loads,
            MemoryPlans plans,
            MemoryMeters memory,
            Events events,
            PoolViews pools,
            Residents residents) {
        this.pools = pools;
        this.residents = residents;
        this.phase = phase;
        this.functions = functions;
        this.room = room;
        this.breakers = breakers;
        this.group = group;
        this.balancer = balancer;
        this.generations = generations;
        this.loads = loads;
        this.plans = plans;
        this.memory = memory;
        this.events = events;
    }

    @Override
    public Snapshot look(boolean processes, Instant now, long nowNanos) {
        return new Snapshot(
                now,
                nowNanos,
                events.version(),
                phase.isDraining(),
                functions.status(),
                functions.reload(),
                generations.status(),
                queue(room),
                new Snapshot.Load(loads.report().values(), loads.saturatedNanos(nowNanos)),
                processes ? plans.current() : null,
                memory(),
                poisoned(now),
                workers(group, balancer, processes),
                pools(processes));
    }

    private static Snapshot.Queue queue(WaitingRoom<?> room) {
        return new Snapshot.Queue(
                room.length(),
                room.capacity(),
                room.permits().capacity(),
                room.permits().computingFunctions());
    }

    private List<Snapshot.Pool> pools(boolean processes) {
        List<Snapshot.Pool> all = new ArrayList<>();
        for (PoolViews.View pool : pools.all()) {
            Generation serving = pool.group().serving();
            Path program = pool.settings().phpFpm();
            if (serving != null) {
                List<Snapshot.Worker> workers = workers(pool.group(), pool.ranking(), processes);
                all.add(new Snapshot.Pool(
                        pool.settings().name(),
                        pool.user(),
                        program == null ? null : program.toString(),
                        serving.number(),
                        queue(pool.room()),
                        workers,
                        resident(pool.settings(), workers)));
            }
        }
        return all;
    }

    private Snapshot.@Nullable Resident resident(PoolSettings pool, List<Snapshot.Worker> workers) {
        String function = pool.residentFunction();
        ResidentSettings settings = pool.resident();
        if (function == null || settings == null) {
            return null;
        }
        int booted = 0;
        for (Snapshot.Worker worker : workers) {
            for (SlotStatus child : worker.slots()) {
                booted +=
                        child.state() == ChildState.STARTING ? 0 : 1; // no child has proven itself before it has booted
            }
        }
        ResidentFacts facts = residents.of(function);
        return new Snapshot.Resident(
                function,
                settings.script(),
                settings.children(),
                booted,
                facts.boots(),
                facts.failedBoots(),
                facts.lastBoot(),
                facts.lastFailure(),
                facts.lastLeft());
    }

    /** Compares what is published seldom, and whole, by identity. What a client can cause at will does not count as a change. */
    @Override
    public boolean isCurrent(Snapshot snapshot) {
        return snapshot.events() == events.version()
                && snapshot.generation() == generations.status()
                && snapshot.functions() == functions.status()
                && snapshot.draining() == phase.isDraining();
    }

    private List<Snapshot.Memory> memory() {
        List<Snapshot.Memory> kinds = new ArrayList<>();
        for (MemoryMeters.Part part : memory.parts()) {
            kinds.add(new Snapshot.Memory(
                    part.kind(),
                    part.used().getAsLong(),
                    part.capacity().getAsLong(),
                    part.refusals().getAsLong()));
        }
        return kinds;
    }

    private List<Snapshot.Poisoned> poisoned(Instant now) {
        List<Snapshot.Poisoned> refused = new ArrayList<>();
        for (CircuitBreaker breaker : breakers.open()) {
            refused.add(new Snapshot.Poisoned(
                    breaker.function(), breaker.script(), now.plusNanos(breaker.pauseLeftNanos())));
        }
        return refused;
    }

    private static List<Snapshot.Worker> workers(WorkerGroup group, Balancer ranking, boolean processes) {
        List<Snapshot.Worker> workers = new ArrayList<>();
        int rank = 0;
        for (Ranked ranked : ranking.ranked()) {
            workers.add(worker(group, ranked, rank++, processes));
        }
        workers.sort(Comparator.comparingInt(Snapshot.Worker::id));
        return workers;
    }

    private static Snapshot.Worker worker(WorkerGroup group, Ranked ranked, int rank, boolean processes) {
        dev.relais.slot.Worker worker = ranked.worker();
        return new Snapshot.Worker(
                worker.id(),
                rank,
                group.masterPid(worker),
                ranked.score(),
                ranked.relativeLatency(),
                ranked.failureShare(),
                ranked.state(),
                ranked.allowance(),
                worker.busy(),
                group.lost(worker),
                group.restarts(worker),
                group.problem(worker),
                group.counters(worker),
                group.slots(worker, processes));
    }
}
