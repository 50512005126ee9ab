package dev.relais.debug;

import dev.relais.admission.CircuitBreakers;
import dev.relais.admission.PoisonConfig;
import dev.relais.admission.QueueConfig;
import dev.relais.admission.Refusals;
import dev.relais.balancer.Balancer;
import dev.relais.balancer.SamplerConfig;
import dev.relais.dispatch.DebugLane;
import dev.relais.dispatch.DebugLanes;
import dev.relais.dispatch.Pool;
import dev.relais.dispatch.Pools;
import dev.relais.events.Events;
import dev.relais.http.HeadWriter;
import dev.relais.http.MemoryBudgets;
import dev.relais.process.ProcReader;
import dev.relais.process.ProcessSight;
import dev.relais.worker.WorkerGroup;
import dev.relais.worker.WorkersConfig;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of all modes, and which requests use them: one that is signed with {@code relais.debug.key} for a mode, and in dev mode one that
 * carries what starts Xdebug.
 */
@Singleton
public final class Lanes implements DebugLanes {
    private final Map<DebugMode, Lane> lanes = new EnumMap<>(DebugMode.class); // none while no request may be debugged
    private final DebugLaneConfig config;
    private final HeadWriter heads;
    private final Runnable maker;
    private volatile boolean developing;

    @Inject
    Lanes(
            DebugLaneConfig config,
            WorkersConfig workers,
            SamplerConfig sampler,
            QueueConfig queue,
            PoisonConfig poison,
            WorkerGroup group,
            MemoryBudgets memory,
            HeadWriter heads,
            Events events,
            Vertx vertx) {
        DebugLaneConfig.check(config);
        this.config = config;
        this.heads = heads;
        FileSweep sweep = new FileSweep(
                () -> KeptFiles.of(group, this::isRunning).bound(config), task -> onWorkerThread(vertx, task));
        this.maker = () -> make(workers, sampler, queue, poison, group, memory, events, sweep);
    }

    private static void onWorkerThread(Vertx vertx, Runnable task) {
        vertx.executeBlocking(
                () -> {
                    task.run();
                    return null;
                },
                false);
    }

    private void make(
            WorkersConfig workers,
            SamplerConfig sampler,
            QueueConfig queue,
            PoisonConfig poison,
            WorkerGroup group,
            MemoryBudgets memory,
            Events events,
            FileSweep sweep) {
        LongSupplier nanos = System::nanoTime;
        ExtensionLack lack = new ExtensionLack(nanos);
        ProcReader proc = new ProcReader();
        CircuitBreakers breakers = new CircuitBreakers(new LaneQueue.Breakers(poison), new Refusals(), events);
        for (DebugMode mode : DebugMode.values()) {
            Pool pool = new Pools(new Balancer(sampler), new LaneQueue(queue), memory, new Refusals()).common();
            RunLimits limits = new RunLimits(config.timeLimit().toNanos(), pid -> new ProcessSight(proc, pid)
                    .isConnectedTo(config.clientPort()));
            lanes.put(
                    mode,
                    new Lane(
                            mode,
                            config,
                            group,
                            workers.startTimeout(),
                            new LaneSettings(config),
                            pool,
                            breakers,
                            limits,
                            lack,
                            sweep::ask,
                            nanos));
        }
    }

    /**
     * Whether any request may be debugged. Called at the start.
     *
     * @param developing whether a request may ask for it without a signature
     */
    public boolean areWanted(boolean developing) {
        this.developing = developing;
        boolean wanted = developing || heads.knowsDebugKey();
        if (wanted && lanes.isEmpty()) {
            maker.run();
        }
        return wanted;
    }

    /** The lanes, in the order of their modes; none where no request may be debugged. */
    List<Lane> all() {
        return List.copyOf(lanes.values());
    }

    /** Whether this process runs a request that is debugged. Any thread. */
    boolean isRunning(long pid) {
        for (Lane lane : lanes.values()) {
            if (lane.isRunning(pid)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public @Nullable DebugLane of(HttpServerRequest request) {
        String asked = heads.debugged(request);
        DebugMode mode = asked == null ? null : DebugMode.named(asked);
        if (asked != null && mode == null && asked.equals("debug")) {
            mode = config.mode();
        }
        if (mode == null && developing) {
            mode = Triggers.of(request.headers().getAll("Cookie"), request.query(), config.mode());
        }
        return mode == null ? null : lanes.get(mode);
    }

    @Override
    public @Nullable DebugLane of(HttpServerRequest request, IntFunction<String> start) {
        DebugMode mode =
                developing ? Triggers.ofForm(request.headers().get("Content-Type"), start, config.mode()) : null;
        return mode == null ? null : lanes.get(mode);
    }
}
