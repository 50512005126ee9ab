package dev.relais.telemetry;

import dev.relais.balancer.WorkerState;
import dev.relais.functions.FunctionsStatus;
import dev.relais.functions.Reload;
import dev.relais.slot.ResidentFacts;
import dev.relais.slot.SlotStatus;
import dev.relais.slot.WorkerCounters;
import dev.relais.system.MemoryPlan;
import dev.relais.worker.Generations;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of the gateway at one moment. It is immutable, so all readers see the same, and it is made once however many
 * readers there are. Decisions (readiness, draining, dispatch) are not based on it; they read the live state.
 *
 * @param sampledAt when the state was read, by the wall clock
 * @param sampledNanos the same by {@link System#nanoTime}, for its age
 * @param events the {@link dev.relais.events.Events#version} when the reading began
 * @param draining whether the gateway is stopping
 * @param functions the status of the functions
 * @param reload how changed code is put in force
 * @param generation which generation served, and how the switches before went
 * @param queue the waiting room, and how many invocations may run
 * @param load how loaded the gateway was in the last interval of the sampler
 * @param plan what gateway and PHP may take of the memory; null where nobody looked at the processes
 * @param memory the memory that clients' bytes took, by kind
 * @param poisoned functions and scripts that were refused because they kill their processes
 * @param workers the ranked workers of the common pool; a worker's index is its id
 * @param pools the others
 */
public record Snapshot(
        Instant sampledAt,
        long sampledNanos,
        long events,
        boolean draining,
        FunctionsStatus functions,
        Reload reload,
        Generations.Status generation,
        Queue queue,
        Load load,
        @Nullable MemoryPlan plan,
        List<Memory> memory,
        List<Poisoned> poisoned,
        List<Worker> workers,
        List<Pool> pools) {
    public Snapshot {
        memory = List.copyOf(memory);
        poisoned = List.copyOf(poisoned);
        workers = List.copyOf(workers);
        pools = List.copyOf(pools);
    }

    /** The worker at this place; null when there was none. */
    public @Nullable Worker worker(int place) {
        return place < workers.size() ? workers.get(place) : null;
    }

    /**
     * The waiting room.
     *
     * @param length invocations that waited
     * @param capacity invocations that may wait
     * @param concurrency invocations that may run at a time
     * @param computing functions of which fewer may, because they compute
     */
    public record Queue(int length, int capacity, int concurrency, int computing) {}

    /**
     * A pool beside the common one.
     *
     * @param user that PHP runs as there
     * @param program of a pool that names its own; null for that of all
     * @param generation the number of the generation that serves there
     * @param queue its waiting room, and how many invocations may run
     * @param workers its ranked workers
     * @param resident what has become of its one function when that is resident; otherwise null
     */
    public record Pool(
            String name,
            String user,
            @Nullable String program,
            int generation,
            Queue queue,
            List<Worker> workers,
            @Nullable Resident resident) {
        public Pool {
            workers = List.copyOf(workers);
        }
    }

    /**
     * A resident function.
     *
     * @param script that boots it, relative to its folder; null for the application in the folder
     * @param children how many processes are to hold it
     * @param booted how many of them have booted
     * @param boots how often it was booted
     * @param failedBoots how often it could not be
     * @param lastBoot null before the first
     * @param bootFailure the last one; null for none
     * @param left the last requests that have left something behind, the newest last
     */
    public record Resident(
            String function,
            @Nullable String script,
            int children,
            int booted,
            long boots,
            long failedBoots,
            @Nullable Instant lastBoot,
            ResidentFacts.@Nullable BootFailure bootFailure,
            List<ResidentFacts.Left> left) {
        public Resident {
            left = List.copyOf(left);
        }
    }

    /**
     * The load.
     *
     * @param values as a load balancer gets them
     * @param saturatedNanos for how long every child was busy while invocations waited; 0 when that was not so
     */
    public record Load(LoadReport.Values values, long saturatedNanos) {}

    /**
     * Bytes of clients in memory, of one kind.
     *
     * @param refusals how many requests and connections were refused because no memory was left, since the start
     */
    public record Memory(String kind, long bytes, long capacity, long refusals) {}

    /**
     * An open circuit breaker.
     *
     * @param script of an application; null when the function is one script
     * @param until when a run may be let through as a trial
     */
    public record Poisoned(String function, @Nullable String script, Instant until) {}

    /**
     * One worker.
     *
     * @param rank its place in the ranking, 0 is the best
     * @param masterPid -1 while it has no master
     * @param score lower is better, 1 is as usual
     * @param relativeLatency how its latencies are to those usual for their functions: a part of the score
     * @param failureShare the part of its exchanges that failed, 0 to 1, as far as that is unusual: the other part of the score
     * @param allowance how many of its children may be in use
     * @param busy children that ran a script or were not ready
     * @param lost children that have not answered for longer than a start may take
     * @param restarts of its master in this generation
     * @param problem what is wrong with the worker, in one line; null when nothing is
     * @param counters the counters of its place over all generations
     * @param slots its slots in order, with the child behind each
     */
    public record Worker(
            int id,
            int rank,
            long masterPid,
            double score,
            double relativeLatency,
            double failureShare,
            WorkerState state,
            int allowance,
            int busy,
            int lost,
            long restarts,
            @Nullable String problem,
            WorkerCounters counters,
            List<SlotStatus> slots) {
        public Worker {
            slots = List.copyOf(slots);
        }

        /** The number of its slots, which is also the configured number of children. */
        public int size() {
            return slots.size();
        }
    }
}
