package dev.relais.worker;

import dev.relais.events.Events;
import dev.relais.process.Host;
import dev.relais.process.ProcessEnder;
import dev.relais.process.WorkerUser;
import dev.relais.slot.RecycleConfig;
import dev.relais.slot.RecycleReason;
import dev.relais.slot.Recycling;
import dev.relais.slot.Residence;
import dev.relais.slot.SlotContext;
import dev.relais.slot.SlotListener;
import dev.relais.slot.SlotStatus;
import dev.relais.slot.Worker;
import dev.relais.slot.WorkerCounters;
import dev.relais.slot.WorkerKind;
import dev.relais.slot.WorkerLauncher;
import dev.relais.slot.WorkerListener;
import dev.relais.slot.WorkerSample;
import io.netty.channel.EventLoop;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The supervised set of all workers. It starts their masters as subprocesses, restarts what dies, and stops all in order.
 *
 * <p>{@link #start}, {@link #stop} and the steps from one {@link Generation} to the next are called by the lifecycle and block. All
 * else happens on the one supervisor thread. The data plane sees only the {@link Worker}s, a list that is swapped whole.
 */
@Singleton
public class WorkerGroup {
    private final WorkersConfig config;
    private final RecycleConfig recycleConfig;
    private final WorkerKind kind;
    private final GroupSize size;
    private final Events events;
    private final FirstNumbers first;
    private final @Nullable ResidentBoots residents; // null when children keep no application in memory
    private final LongSupplier nanos;
    private final InstantSource clock;
    private volatile @Nullable RunningGroup running; // null before the start and after the stop
    private String folderSettings = ""; // guarded by this

    @Inject
    public WorkerGroup(
            WorkersConfig config, RecycleConfig recycleConfig, WorkerKind kind, GroupSize size, Events events) {
        this(
                config,
                recycleConfig,
                kind,
                size,
                events,
                FirstNumbers.USUAL,
                null,
                System::nanoTime,
                InstantSource.system());
    }

    WorkerGroup(
            WorkersConfig config,
            RecycleConfig recycleConfig,
            WorkerKind kind,
            GroupSize size,
            Events events,
            FirstNumbers first,
            @Nullable ResidentBoots residents,
            LongSupplier nanos,
            InstantSource clock) {
        this.first = first;
        this.residents = residents;
        this.events = events;
        this.config = config;
        this.nanos = nanos;
        this.clock = clock;
        this.kind = kind;
        this.size = size;
        this.recycleConfig = recycleConfig;
    }

    /** Begins what {@link #start} has to wait for; it returns at once. The same thread calls both. */
    public void anticipate() {
        kind.anticipate();
    }

    /**
     * Checks the host, starts the masters of generation 1 and returns at once: the workers serve as soon as their children have
     * answered.
     *
     * @param loops the event loops that get the connections
     * @param slots called for every slot that becomes free
     * @param changes called when a worker changes
     * @param showErrors whether PHP writes its errors into its answers, as in dev mode
     * @param checksFiles whether opcache checks files for changes; otherwise only the next generation has them
     * @throws dev.relais.ConfigurationProblem when PHP-FPM is missing, too old or refuses its configuration, or a key is out of range
     */
    public synchronized void start(
            List<EventLoop> loops,
            SlotListener slots,
            WorkerListener changes,
            int headLimit,
            boolean showErrors,
            boolean checksFiles) {
        if (running != null) {
            throw new IllegalStateException("started already");
        }
        WorkersConfig.check(config);
        RecycleConfig.check(recycleConfig);
        int children = size.childrenPerWorker();
        Host host = Host.local();
        WorkerLauncher launcher =
                kind.prepare(host, new WorkerKind.Needs(config.count(), children, showErrors, checksFiles));
        ScheduledExecutorService supervisor = GroupParts.newSupervisor();
        Recycling recycling = new Recycling(recycleConfig, config.count() * children);
        ProcessEnder ender = new ProcessEnder(host.proc(), host.tree());
        Residence residence = residents == null ? null : residents.start(launcher, config.startTimeout(), headLimit);
        SlotContext context = new SlotContext(
                launcher.proofScript(),
                ender,
                host.proc(),
                supervisor,
                launcher.mark(),
                recycling,
                launcher.uploads(),
                launcher.errors(),
                headLimit,
                launcher.keepsAfterBody(),
                residence,
                events,
                nanos);
        WorkerMaker maker = new WorkerMaker(loops, context, slots, changes, first.worker());
        GroupParts parts = new GroupParts(
                config, launcher, maker, children, events, supervisor, host, new SecureRandom(), nanos, clock);
        launcher.folderSettings(folderSettings);
        RunningGroup started = new RunningGroup(first.generation(), parts, ender, recycling, new Besides(parts, maker));
        launcher.guard(supervisor);
        running = started;
        started.start(this::workers);
        launcher.logStart();
    }

    /**
     * Has masters that start from now on read this, too: an ini file with sections of folders. May block.
     *
     * @param ini empty for none
     */
    public synchronized void folderSettings(String ini) {
        folderSettings = ini;
        if (running != null) {
            running.parts().launcher().folderSettings(ini);
        }
    }

    /**
     * Starts another generation beside the one that serves, with as many children as fit now, and returns at once.
     *
     * @throws IllegalStateException when the group has stopped, or already has two generations (resident: four)
     */
    public synchronized Generation begin(int number, Map<Path, String> preload) throws IOException {
        return running().begin(number, size.childrenPerWorker(), preload, ResidentBoots.most(residents));
    }

    /**
     * Starts one worker beside the others, which is never ranked with them, and returns at once. Its PHP loads an extension that theirs does
     * not. The caller lets it {@linkplain Generation#leave leave} and {@linkplain #end ends} it. Blocks for some tenths of a second.
     *
     * @param place from 0, another one for each that there is at a time
     * @param settings further settings of PHP
     * @param slots called for every slot of it that becomes free
     * @param changes called when it changes
     * @throws dev.relais.ConfigurationProblem when PHP does not have the extension
     */
    public Generation beside(
            int place,
            int children,
            String extension,
            Map<String, String> settings,
            SlotListener slots,
            WorkerListener changes) {
        RunningGroup group = running();
        WorkerLauncher launcher = group.parts().launcher().extended(extension, settings);
        return group.besides().begin(place, children, group.set().serving().number(), launcher, slots, changes);
    }

    /** {@link #workers} are those of this generation from now on. */
    public void serve(Generation generation) {
        running().serve(generation);
    }

    /** Ends the processes of a generation that does not serve; completes when nothing of it is left. */
    public CompletableFuture<Void> end(Generation generation) {
        return running().end(generation);
    }

    private RunningGroup running() {
        RunningGroup current = running;
        if (current == null) {
            throw new IllegalStateException("the workers have stopped");
        }
        return current;
    }

    /** The workers that serve, in order of their ids; empty while the group does not run. Any thread. */
    public List<Worker> workers() {
        return ask(current -> current.set().serving().workers(), List.of());
    }

    /** The generation that serves; null while the group does not run. Any thread. */
    public @Nullable Generation serving() {
        RunningGroup current = running;
        return current == null ? null : current.set().serving();
    }

    /** The generations that have processes but do not serve: one at the most, of a resident function three. Any thread. */
    public List<Generation> others() {
        return ask(current -> current.set().others(), List.of());
    }

    /** The counters of a worker's place over all generations. Any thread. */
    public WorkerCounters counters(Worker worker) {
        return ask(current -> current.set().counters(worker.id() - first.worker()), WorkerCounters.NONE);
    }

    /** A known fault of this PHP that is worked around, in one sentence; null when there is none. Any thread. */
    public @Nullable String phpFault() {
        RunningGroup current = running;
        return current == null ? null : current.parts().launcher().fault();
    }

    /** The user that PHP runs as. Blocks; fails with a ConfigurationProblem when the configured one does not exist. */
    public WorkerUser user() {
        return kind.user();
    }

    /** The gateway's private directory, which contains the functions' mirror. Only while the group runs. */
    public Path runDirectory() {
        return running().parts().launcher().directory();
    }

    /** How often the master of this worker was restarted. Any thread. */
    public long restarts(Worker worker) {
        return ofSupervision(worker, Supervision::restarts, 0L);
    }

    /** The pid of the worker's master; -1 while there is none. Any thread. */
    public long masterPid(Worker worker) {
        return ofSupervision(worker, Supervision::masterPid, -1L);
    }

    /** Slots of the worker that have had no child for longer than a start may take. Any thread. */
    public int lost(Worker worker) {
        return ofSupervision(worker, Supervision::lost, 0);
    }

    /** What is wrong with the worker now, in one line; null when nothing is. Any thread. */
    public @Nullable String problem(Worker worker) {
        Supervision supervision = supervision(worker);
        return supervision == null ? null : supervision.problem();
    }

    /** Whether no worker has served for three times {@code start-timeout} although masters were restarted. Any thread. */
    public boolean isBroken() {
        return ask(current -> current.upkeep().isBroken(), false);
    }

    /** Files of the run directory that were missing and are written anew. Any thread. */
    public long mended() {
        return ask(current -> current.upkeep().mended(), 0L);
    }

    private <T> T ask(Function<RunningGroup, T> question, T none) {
        RunningGroup current = running;
        return current == null ? none : question.apply(current);
    }

    private <T> T ofSupervision(Worker worker, Function<Supervision, T> question, T none) {
        Supervision supervision = supervision(worker);
        return supervision == null ? none : question.apply(supervision);
    }

    private @Nullable Supervision supervision(Worker worker) {
        RunningGroup current = running;
        return current == null ? null : current.set().supervision(worker);
    }

    /** The number of children that were replaced although they worked. Any thread. */
    public long recycled(RecycleReason reason) {
        return ask(current -> current.recycling().count(reason), 0L);
    }

    /** Children that run the rest of a script whose answer is complete. Any thread. */
    public int finishing() {
        return ask(RunningGroup::finishing, 0);
    }

    /** Children that still run something for generations before the one that serves. Any thread. */
    public int draining() {
        return ask(RunningGroup::draining, 0);
    }

    /** The private memory of a child on average, of some of those that serve; -1 when it is not known. Blocks for some milliseconds. */
    public long childBytes() {
        return ask(RunningGroup::childBytes, -1L);
    }

    /** The memory of a generation's processes, which another generation would need too. Blocks for a short time. */
    public long memoryBytes(Generation generation) {
        return running().memoryBytes(generation);
    }

    /** The most shared memory that the processes of one worker use, such as the opcache; -1 when it is not known. Blocks. */
    public long sharedBytes() {
        return ask(RunningGroup::sharedBytes, -1L);
    }

    /** Makes a compilation of scripts into the opcache of a generation, see {@link Compilation}. */
    public Compilation compilation(Generation generation, List<Path> scripts) throws IOException {
        return running().compilation(generation, scripts);
    }

    /**
     * The status of the slots of one worker and of the children behind them, in order.
     *
     * @param memory whether to read the memory of the children, which blocks: not on an event loop
     */
    public List<SlotStatus> slots(Worker worker, boolean memory) {
        long now = nanos.getAsLong();
        return ask(current -> SlotStatus.all(worker, memory ? current.parts().proc() : null, now), List.of());
    }

    /**
     * Has a process ended that is one of the children, also of a generation that drains, and runs something. Any thread.
     *
     * @param before how many runs the process has ended before the one that is meant; -1: whichever it is
     * @param reason who wants it, for the log
     * @return whether there was such a process
     */
    public boolean endRun(long pid, long before, String reason) {
        return ask(current -> current.endRun(pid, before, reason), false);
    }

    /** Reads one worker's counters. Any thread. */
    public WorkerSample sample(Worker worker) {
        return WorkerSample.of(worker, nanos.getAsLong());
    }

    /**
     * Runs a task on the supervisor thread after so long, unless the group has stopped by then. Any thread.
     *
     * @return false when it does not run now
     */
    public boolean later(Runnable task, Duration delay) {
        return ask(current -> current.later(task, delay), false);
    }

    /**
     * Stops in order (src/docs/facts.md, fact 13): closes idle connections, lets what runs end until the deadline, ends the masters.
     * Idempotent; returns when no PHP process is left, at the latest some seconds after the deadline.
     */
    @PreDestroy
    public synchronized void stop() {
        RunningGroup stopping = running;
        if (stopping != null) {
            running = null;
            stopping.stop(config.stopTimeout());
            if (residents != null) {
                residents.stop();
            }
        }
    }
}
