package dev.relais.debug;

import dev.relais.ConfigurationProblem;
import dev.relais.LogText;
import dev.relais.admission.CircuitBreakers;
import dev.relais.admission.FunctionBreakers;
import dev.relais.admission.Gate;
import dev.relais.dispatch.DebugLane;
import dev.relais.dispatch.Pool;
import dev.relais.http.Problem;
import dev.relais.slot.SlotStatus;
import dev.relais.slot.WorkerListener;
import dev.relais.telemetry.FunctionMeters;
import dev.relais.telemetry.UnreadMeters;
import dev.relais.worker.Generation;
import dev.relais.worker.WorkerGroup;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The workers of one mode, from the first request for them until they have been idle. What is started and ended is done on the supervisor's
 * thread, to which everything but the fields that are volatile or final is confined.
 */
final class Lane implements DebugLane {
    private static final Logger LOG = Logger.getLogger(Lane.class);

    /** How often it is looked whether the workers have started or ended. */
    private static final Duration SOON = Duration.ofMillis(20);
    /** How often what runs is looked at, which is how exact the time limit is. */
    private static final Duration LOOK = Duration.ofMillis(200);
    /** How long idle workers may have for what they still run for clients that are gone. */
    private static final Duration LAST_RUNS = Duration.ofSeconds(2);
    /** How many requests may wait for the start; more are refused. */
    private static final int MOST_WAITING = 64;

    private static final WorkerListener NOBODY = new WorkerListener() {
        @Override
        public void onServing() {}

        @Override
        public void onSlow() {}
    };

    private final DebugMode mode;
    private final DebugLaneConfig config;
    private final WorkerGroup group;
    private final Duration startTimeout;
    private final LaneSettings settings;
    private final Pool pool;
    private final Gate gate;
    private final CircuitBreakers breakers;
    private final UnreadMeters meters = new UnreadMeters();
    private final Map<String, FunctionMeters> functions = new ConcurrentHashMap<>();
    private final LongSupplier nanos;
    private final RunLimits limits;
    private final ExtensionLack lack;
    private final Runnable ended;
    private final List<Consumer<@Nullable Problem>> waiting = new ArrayList<>();
    private @Nullable Generation generation; // null while there are no workers
    private long begunNanos;
    private long lookedNanos;
    private long usedNanos; // when something ran last
    private volatile boolean serving;
    private volatile List<SlotStatus> slots = List.of(); // as they were at the last look

    /**
     * @param startTimeout how long a start may take
     * @param lack that of all lanes
     * @param ended called on the supervisor's thread when runs have ended
     * @param nanos as {@link System#nanoTime}
     */
    Lane(
            DebugMode mode,
            DebugLaneConfig config,
            WorkerGroup group,
            Duration startTimeout,
            LaneSettings settings,
            Pool pool,
            CircuitBreakers breakers,
            RunLimits limits,
            ExtensionLack lack,
            Runnable ended,
            LongSupplier nanos) {
        this.mode = mode;
        this.config = config;
        this.group = group;
        this.startTimeout = startTimeout;
        this.settings = settings;
        this.pool = pool;
        this.gate = pool.waitingRoom().newGate();
        this.breakers = breakers;
        this.limits = limits;
        this.lack = lack;
        this.ended = ended;
        this.nanos = nanos;
    }

    DebugMode mode() {
        return mode;
    }

    /** How many requests it runs now. Any thread. */
    int running() {
        return gate.running();
    }

    /** Whether this process runs a request of it. Any thread. */
    boolean isRunning(long pid) {
        for (SlotStatus slot : slots) {
            if (slot.pid() == pid && slot.runningMillis() >= 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Pool pool() {
        return pool;
    }

    @Override
    public Gate gate() {
        return gate;
    }

    @Override
    public FunctionBreakers breakers(String function) {
        return breakers.of(function);
    }

    @Override
    public FunctionMeters meters(String function) {
        return functions.computeIfAbsent(function, name -> meters.invocations().of(name, () -> 0, () -> 0));
    }

    @Override
    public @Nullable String cookie(HttpServerRequest request) {
        boolean has = Triggers.of(request.headers().getAll("Cookie"), request.query(), mode) != null;
        return has || !settings.isXdebug() ? null : DebugMode.ANY + "=" + mode.word();
    }

    @Override
    public boolean isServing() {
        return serving;
    }

    @Override
    public void start(Consumer<@Nullable Problem> then) {
        if (!group.later(() -> startNow(then), Duration.ZERO)) {
            then.accept(Problem.DEBUG_WORKER);
        }
    }

    private void startNow(Consumer<@Nullable Problem> then) {
        if (serving) {
            then.accept(null);
        } else if (waiting.size() >= MOST_WAITING) {
            then.accept(Problem.OVERLOADED);
        } else {
            waiting.add(then);
            if (generation == null) {
                begin();
            }
        }
    }

    private void begin() {
        ConfigurationProblem known = lack.known();
        if (known != null) {
            fail(Problem.DEBUG_EXTENSION, String.valueOf(known.getMessage()));
            return;
        }
        try {
            begunNanos = nanos.getAsLong();
            generation = group.beside(
                    mode.ordinal(),
                    config.concurrency(),
                    config.extension(),
                    settings.of(mode, group.runDirectory(), group.user()),
                    pool.dispatch(),
                    NOBODY);
            group.later(this::awaitStart, SOON);
        } catch (ConfigurationProblem e) {
            lack.found(e, begunNanos);
            fail(Problem.DEBUG_EXTENSION, String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            fail(Problem.DEBUG_WORKER, e.toString());
        }
    }

    private void awaitStart() {
        Generation started = generation;
        if (started == null) {
            return;
        }
        String failure = started.failure();
        boolean late = nanos.getAsLong() - begunNanos > startTimeout.toNanos();
        if (started.isWhole()) {
            serve(started);
        } else if (failure != null || late) {
            group.end(started);
            fail(
                    Problem.DEBUG_WORKER,
                    failure != null
                            ? failure
                            : "they have not answered for relais.workers.start-timeout=" + startTimeout);
        } else {
            group.later(this::awaitStart, SOON);
        }
    }

    private void serve(Generation started) {
        long now = nanos.getAsLong();
        pool.ranking().rankEqual(started.workers(), now);
        serving = true;
        usedNanos = now;
        lookedNanos = now;
        LOG.infof(
                "Debug workers have started: mode=%s extension=%s children=%d millis=%d",
                LogText.value(mode.word()),
                LogText.value(config.extension()),
                config.concurrency(),
                (now - begunNanos) / 1_000_000);
        tell(null);
        group.later(this::look, LOOK);
    }

    private void fail(Problem problem, String cause) {
        generation = null;
        LOG.warnf("Debug workers do not start: mode=%s cause=%s", LogText.value(mode.word()), LogText.value(cause));
        tell(problem);
    }

    private void tell(@Nullable Problem problem) {
        List<Consumer<@Nullable Problem>> told = List.copyOf(waiting);
        waiting.clear();
        told.forEach(then -> then.accept(problem));
    }

    private void look() {
        Generation current = generation;
        if (current == null) {
            return;
        }
        boolean idle = false;
        try {
            idle = isIdle(current);
        } catch (RuntimeException e) {
            LOG.error("Debug workers cannot be looked at", e); // the next look may see them
        }
        if (idle) {
            leave(current);
        } else {
            group.later(this::look, LOOK);
        }
    }

    /** Ends what has run for too long, and says whether nothing has run for long. */
    private boolean isIdle(Generation current) {
        long now = nanos.getAsLong();
        List<SlotStatus> seen = group.slots(current.workers().get(0), false);
        boolean someEnded = haveEnded(slots, seen);
        slots = seen;
        if (someEnded) {
            ended.run(); // afterwards: the files of what runs are kept
        }
        for (int i = 0; i < seen.size(); i++) {
            SlotStatus slot = seen.get(i);
            if (limits.isOver(i, slot, now - lookedNanos)) {
                group.endRun(
                        slot.pid(),
                        slot.served(),
                        "relais.debug.time-limit=" + config.timeLimit() + " has passed without a debugger");
            }
            if (slot.runningMillis() >= 0) {
                usedNanos = now;
            }
        }
        lookedNanos = now;
        if (pool.waitingRoom().length() > 0) {
            usedNanos = now;
        }
        return now - usedNanos > config.idleTimeout().toNanos();
    }

    /** Whether runs have ended between two looks, the first of which may be before the start. */
    private static boolean haveEnded(List<SlotStatus> before, List<SlotStatus> now) {
        if (before.size() != now.size()) {
            return true;
        }
        for (int i = 0; i < now.size(); i++) {
            if (before.get(i).pid() != now.get(i).pid()
                    || before.get(i).exchanges() != now.get(i).exchanges()) {
                return true;
            }
        }
        return false;
    }

    private void leave(Generation idle) {
        serving = false;
        generation = null;
        slots = List.of();
        pool.ranking().rankEqual(List.of(), nanos.getAsLong());
        idle.leave();
        LOG.infof("Debug workers have been idle and end: mode=%s", LogText.value(mode.word()));
        awaitEnd(idle, nanos.getAsLong() + LAST_RUNS.toNanos());
        // A request may have come to the waiting room that has seen the workers serve.
        group.later(this::mindLate, LOOK);
    }

    private void mindLate() {
        if (generation == null && pool.waitingRoom().length() > 0) {
            begin();
        }
    }

    private void awaitEnd(Generation idle, long deadlineNanos) {
        if (idle.isDrained() || nanos.getAsLong() - deadlineNanos > 0) {
            group.end(idle);
        } else {
            group.later(() -> awaitEnd(idle, deadlineNanos), SOON);
        }
    }
}
