package dev.relais.worker;

import dev.relais.slot.DeathWatch;
import dev.relais.slot.Worker;
import dev.relais.slot.WorkerLauncher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The workers that were started together from one version of the code. Worker {@code i} of a generation takes the place, and so
 * the number, of worker {@code i} of the one before, so that meters have few labels.
 *
 * <p>Its children serve requests while it is ranked; before that, only {@link Trial}s run on them. Afterwards {@link #leave}
 * lets what runs end, and {@link #stop} ends what is left. Any thread.
 */
public final class Generation {
    private final int number;
    private final ScheduledExecutorService supervisor;
    private final WorkerLauncher launcher;
    private final List<Worker> workers;
    private final List<Supervision> supervisions;
    private volatile @Nullable Future<?> watch; // null until it is started
    private boolean othersStart; // used by the supervisor thread

    /** @param number the number of the generation, counting up */
    Generation(int number, GroupParts parts) {
        this.number = number;
        this.supervisor = parts.supervisor();
        this.launcher = parts.launcher();
        List<Worker> made = new ArrayList<>();
        List<Supervision> supervised = new ArrayList<>();
        for (int id = 0; id < parts.config().count(); id++) {
            Worker worker = parts.workers().make(id, parts.children());
            worker.generation(number);
            made.add(worker);
            supervised.add(new Supervision(worker, parts));
        }
        this.workers = List.copyOf(made);
        this.supervisions = List.copyOf(supervised);
    }

    public int number() {
        return number;
    }

    /**
     * Learns what the masters of the next generation can preload of what this one has used. Blocks.
     *
     * @param folder all scripts of the functions directory
     * @param successors gives the script that is to be preloaded for one that was used; null for none
     * @param nanos the clock of intervals, as {@link System#nanoTime}
     * @return scripts, each with a class that it declares; empty when nothing could be learned
     */
    public Map<Path, String> learn(List<Path> folder, Function<Path, @Nullable Path> successors, LongSupplier nanos)
            throws InterruptedException {
        return PreloadLearning.run(this, folder, successors, nanos);
    }

    WorkerLauncher launcher() {
        return launcher;
    }

    /** The workers in order of their ids. */
    public List<Worker> workers() {
        return workers;
    }

    /** The number of its children. */
    public int size() {
        int size = 0;
        for (Worker worker : workers) {
            size += worker.size();
        }
        return size;
    }

    /** How often the master of the worker at this place, counted from 0, was restarted. */
    long restarts(int place) {
        return supervisions.get(place).restarts();
    }

    /** The supervision of one of its workers; null when it is another generation's. */
    @Nullable
    Supervision supervision(Worker worker) {
        int place = workers.indexOf(worker); // no two are equal
        return place < 0 ? null : supervisions.get(place);
    }

    /** Starts all workers, and returns at once. */
    void start() {
        watch();
        startFrom(0);
    }

    /**
     * Starts the first worker, and the others when its master is ready or has failed: the first one does not share the processors with them, and
     * serves sooner. Returns at once.
     *
     * @param alone for how long the others wait at most
     */
    void startOneFirst(Duration alone) {
        watch();
        supervisor.execute(
                () -> supervisions.get(0).start().whenCompleteAsync((ready, failed) -> startOthers(), supervisor));
        supervisor.schedule(this::startOthers, alone.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void watch() {
        watch = supervisor.scheduleWithFixedDelay(
                new DeathWatch(workers), DeathWatch.INTERVAL_MILLIS, DeathWatch.INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Starts the others once, whichever of the two reasons comes first. On the supervisor thread. */
    private void startOthers() {
        if (!othersStart) {
            othersStart = true; // a second call would start a worker early that waits for its restart
            startFrom(1);
        }
    }

    /** Starts this worker and those after it, each by a task of its own: other tasks of the supervisor thread run in between. */
    private void startFrom(int place) {
        if (place < supervisions.size()) {
            supervisor.execute(() -> {
                startFrom(place + 1); // before, since a start may fail in any way
                supervisions.get(place).start();
            });
        }
    }

    /**
     * Checks each worker. On the supervisor thread.
     *
     * @param elapsedNanos as in {@link Supervision#look}
     */
    void look(long elapsedNanos) {
        for (Supervision supervision : supervisions) {
            supervision.look(elapsedNanos);
        }
    }

    /** Whether every child of every worker has proven that it works. */
    public boolean isWhole() {
        for (Worker worker : workers) {
            if (worker.proven() < worker.size()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Why the master of one of its workers has ended or could not be started, or the application of one of which no child serves could not be
     * booted, in one line; null when nothing has failed.
     */
    public @Nullable String failure() {
        for (Worker worker : workers) {
            String boot = worker.bootFailure();
            if (boot != null && !worker.serving()) {
                return "the resident application could not be booted: " + boot;
            }
        }
        for (Supervision supervision : supervisions) {
            if (supervision.failure() != null) {
                return supervision.failure();
            }
        }
        return null;
    }

    /**
     * Takes no more requests. The connections to idle children are closed, and those to the others when what they run has
     * ended. No master is restarted.
     */
    public void leave() {
        for (Supervision supervision : supervisions) {
            supervisor.execute(supervision::leave);
        }
    }

    /** After {@link #leave}: whether no script of it is known to run. Blocks for a short time. */
    public boolean isDrained() {
        for (Worker worker : workers) {
            if (!worker.isDrained()) {
                return false;
            }
        }
        return true;
    }

    /** After {@link #leave}: the number of children whose connection is still open. */
    public int remaining() {
        int count = 0;
        for (Worker worker : workers) {
            count += worker.proven();
        }
        return count;
    }

    /** The number of children that run something. */
    int used() {
        int count = 0;
        for (Worker worker : workers) {
            count += Math.max(0, worker.used());
        }
        return count;
    }

    /** The number of children that run the rest of a script whose answer is complete. */
    int finishing() {
        int count = 0;
        for (Worker worker : workers) {
            for (int i = 0; i < worker.size(); i++) {
                count += worker.slot(i).isFinishing() ? 1 : 0;
            }
        }
        return count;
    }

    /**
     * Ends its masters in order, and whatever they run.
     *
     * @return completes when nothing of it is left
     */
    CompletableFuture<Void> stop() {
        Future<?> started = watch;
        if (started != null) {
            started.cancel(false);
        }
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (Supervision supervision : supervisions) {
            ends.add(
                    CompletableFuture.supplyAsync(supervision::stop, supervisor).thenCompose(end -> end));
        }
        return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
    }

    @Override
    public String toString() {
        return "generation " + number;
    }
}
