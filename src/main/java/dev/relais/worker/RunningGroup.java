package dev.relais.worker;

import dev.relais.LogText;
import dev.relais.events.WorkerEvent;
import dev.relais.process.ProcessEnder;
import dev.relais.slot.Recycling;
import dev.relais.slot.Slot;
import dev.relais.slot.Worker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The generations of a {@link WorkerGroup} from its start to its stop, and what runs for all of them. The group calls what begins and ends
 * something, one call at a time; any thread may ask.
 */
final class RunningGroup {
    private static final Logger LOG = Logger.getLogger(RunningGroup.class);
    /** After an orderly stop the guard only has to remove the run directory. */
    private static final Duration GUARD_DEADLINE = Duration.ofSeconds(2);

    /** The other workers wait for the first one's master for this part of {@code start-timeout} at most. */
    private static final int PART_ALONE = 10;

    private final GroupParts parts;
    private final ProcessEnder ender;
    private final Recycling recycling;
    private final Besides besides;
    private final AtomicReference<GenerationSet> generations;
    private final Upkeep upkeep;

    /** @param first the number of the first generation */
    RunningGroup(int first, GroupParts parts, ProcessEnder ender, Recycling recycling, Besides besides) {
        this.parts = parts;
        this.ender = ender;
        this.recycling = recycling;
        this.besides = besides;
        this.generations = new AtomicReference<>(GenerationSet.of(new Generation(first, parts)));
        this.upkeep = new Upkeep(parts, generations::get);
    }

    /**
     * Starts the masters of the first generation and what is done at intervals. Returns at once.
     *
     * @param workers those whose children are recycled; none once the group stops
     */
    void start(Supplier<List<Worker>> workers) {
        ScheduledExecutorService supervisor = parts.supervisor();
        set().serving().startOneFirst(parts.config().startTimeout().dividedBy(PART_ALONE));
        supervisor.scheduleWithFixedDelay(upkeep, upkeep.intervalNanos(), upkeep.intervalNanos(), TimeUnit.NANOSECONDS);
        if (recycling.needsLook()) {
            Recycler recycler = new Recycler(recycling, workers, parts.proc(), parts.clock(), parts.nanos());
            long millis = Recycler.INTERVAL.toMillis();
            supervisor.scheduleWithFixedDelay(recycler, millis, millis, TimeUnit.MILLISECONDS);
        }
    }

    GroupParts parts() {
        return parts;
    }

    GenerationSet set() {
        return Objects.requireNonNull(generations.get()); // there is one from the start on
    }

    /** The workers beside the generations. */
    Besides besides() {
        return besides;
    }

    Upkeep upkeep() {
        return upkeep;
    }

    Recycling recycling() {
        return recycling;
    }

    /**
     * @param children of each worker
     * @param most how many generations there may be then
     * @throws IllegalStateException when there are as many already
     */
    Generation begin(int number, int children, Map<Path, String> preload, int most) throws IOException {
        if (set().all().size() >= most) {
            throw new IllegalStateException(most + " generations already");
        }
        Generation coming = new Generation(number, parts.forGeneration(number, children, preload));
        generations.updateAndGet(set -> set.with(coming));
        coming.start();
        return coming;
    }

    void serve(Generation generation) {
        generations.updateAndGet(set -> set.serving(generation));
        recycling.resize(generation.size());
    }

    CompletableFuture<Void> end(Generation generation) {
        besides.remove(generation);
        return generation
                .stop()
                .whenComplete((done, failure) -> generations.updateAndGet(set -> set.without(generation)));
    }

    int finishing() {
        int count = 0;
        for (Generation generation : set().all()) {
            count += generation.finishing();
        }
        return count;
    }

    int draining() {
        GenerationSet set = set();
        int count = 0;
        for (Generation generation : set.all()) {
            count += generation.number() < set.serving().number() ? generation.used() : 0;
        }
        return count;
    }

    /** As {@link WorkerGroup#later}; true. */
    boolean later(Runnable task, Duration delay) {
        parts.supervisor().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        return true;
    }

    /** As {@link WorkerGroup#endRun}. */
    boolean endRun(long pid, long before, String reason) {
        List<Generation> all = new ArrayList<>(set().all());
        all.addAll(besides.all());
        for (Generation generation : all) {
            for (Worker worker : generation.workers()) {
                if (endRun(worker, pid, before, reason)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean endRun(Worker worker, long pid, long before, String reason) {
        for (int i = 0; i < worker.size(); i++) {
            Slot slot = worker.slot(i);
            String function = slot.pid() == pid ? slot.endRun(before, reason, ender) : null;
            if (function != null) {
                parts.events().add(new WorkerEvent.RunEnded(worker.id(), pid, function, reason));
                return true;
            }
        }
        return false;
    }

    long memoryBytes(Generation generation) {
        return WorkerMemory.bytes(generation.workers(), this::masterPid, parts.proc());
    }

    long childBytes() {
        return WorkerMemory.childBytes(set().serving().workers(), parts.proc());
    }

    long sharedBytes() {
        return WorkerMemory.sharedBytes(set().serving().workers(), this::masterPid, parts.proc());
    }

    private long masterPid(Worker worker) {
        Supervision supervision = set().supervision(worker);
        return supervision == null ? -1 : supervision.masterPid();
    }

    Compilation compilation(Generation generation, List<Path> scripts) throws IOException {
        return new Compilation(generation, parts.launcher().compiler(scripts), parts.nanos());
    }

    /** Ends all generations, and then what runs for them. Blocks until no PHP process is left, or for some seconds after the limit. */
    void stop(Duration limit) {
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (Generation generation : set().all()) {
            ends.add(generation.stop());
        }
        for (Generation generation : besides.all()) {
            ends.add(generation.stop());
        }
        try {
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
                    .get(limit.toMillis() + 5_000, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warnf("Worker did not stop in order, the guard ends it: cause=%s", LogText.value(e));
        }
        parts.supervisor().shutdownNow();
        ender.close();
        parts.launcher().close(GUARD_DEADLINE);
    }
}
