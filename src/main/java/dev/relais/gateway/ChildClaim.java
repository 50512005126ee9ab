package dev.relais.gateway;

import dev.relais.admission.CircuitBreaker;
import dev.relais.admission.Refusal;
import dev.relais.dispatch.DebugLane;
import dev.relais.dispatch.LoopHop;
import dev.relais.dispatch.Run;
import dev.relais.dispatch.Runner;
import dev.relais.functions.PhpFunction;
import dev.relais.http.Callbacks;
import dev.relais.http.Edge;
import dev.relais.http.Problem;
import dev.relais.slot.Slot;
import dev.relais.telemetry.InvocationMeters;
import dev.relais.telemetry.Timeline;
import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gets a child for one invocation, through the gate and the circuit breaker of its script, at once or after a wait. An
 * invocation may need more than one child, because an exchange may be run again. Confined to the request's event loop; only
 * {@link #run} may be called from another.
 */
final class ChildClaim extends Runner {
    /** Called on the request's event loop. */
    interface Listener {
        /** Whether the invocation has ended meanwhile, so that it needs no child. */
        boolean isDone();

        /** A child is claimed. The listener begins the run on it or {@linkplain ChildClaim#giveBack gives it back}. */
        void childIsThere(Slot slot, Run run);

        /**
         * The invocation gets no child.
         *
         * @param seconds after which the client may try again
         */
        void childIsRefused(Problem problem, int seconds);
    }

    /** When a client may try again for which the workers of the debug lane did not start. */
    private static final int LANE_RETRY_SECONDS = 10;

    private final Listener listener;
    private final Edge edge;
    private final HttpServerRequest request;
    private final InvocationMeters meters;
    private final Callbacks callbacks;
    private final LongSupplier clock;
    private final Timeline timeline;
    private @Nullable FunctionState function; // null until it is known

    @SuppressWarnings("NullAway.Init") // of the script that is to run; by script, before anything else is asked
    private CircuitBreaker breaker;

    private @Nullable QueueWait wait; // null when it found a child at once

    /**
     * @param edge of the request's event loop
     * @param callbacks of the invocation
     * @param clock nanoseconds, as {@link System#nanoTime}
     * @param timeline of the invocation
     */
    ChildClaim(
            Listener listener,
            Edge edge,
            HttpServerRequest request,
            InvocationMeters meters,
            Callbacks callbacks,
            LongSupplier clock,
            Timeline timeline) {
        this.listener = listener;
        this.edge = edge;
        this.request = request;
        this.meters = meters;
        this.callbacks = callbacks;
        this.clock = clock;
        this.timeline = timeline;
    }

    /**
     * Sets the script that is to run, which may be replaced later.
     *
     * @param taken the bytes that its request takes in memory
     */
    void script(FunctionState state, PhpFunction script, long taken) {
        bytes(taken);
        function = state;
        breaker = state.breaker(script);
        gate(state.gate());
    }

    /** Once the script is known. */
    private FunctionState function() {
        return Objects.requireNonNull(function);
    }

    /** Whether the script is refused now, so that its request's body need not be read. The listener is then called. */
    boolean isRefused() {
        boolean refused = breaker.refuses();
        if (refused) {
            listener.childIsRefused(Problem.POISONED, breaker.retryAfterSeconds());
        }
        return refused;
    }

    /** Asks for a child. The listener is called with the result. */
    void begin(long nowNanos) {
        DebugLane lane = function().lane();
        if (lane == null || lane.isServing()) {
            submit(nowNanos);
        } else {
            lane.start(problem -> LoopHop.onLoop(edge.loop(), callbacks.task(() -> laneHasStarted(problem))));
        }
    }

    /** @param problem null when it has started well */
    private void laneHasStarted(@Nullable Problem problem) {
        if (listener.isDone()) {
            return;
        }
        if (problem == null) {
            submit(clock.getAsLong());
        } else {
            listener.childIsRefused(problem, LANE_RETRY_SECONDS);
        }
    }

    private void submit(long nowNanos) {
        gate(breaker.gate(function().gate()));
        Refusal refusal = function().pool().dispatch().submit(this, edge.index(), nowNanos);
        if (refusal != null) {
            refused(refusal);
        }
    }

    private void refused(Refusal reason) {
        Problem problem = reason == Refusal.FUNCTION_LIMIT ? Problem.FUNCTION_LIMIT : Problem.OVERLOADED;
        listener.childIsRefused(problem, function().pool().waitingRoom().retryAfterSeconds(gate()));
    }

    @Override
    public int loopIndex() {
        return edge.index();
    }

    @Override
    public long maxWaitNanos() {
        if (wait == null) {
            long most = function().pool().waitingRoom().maxWait().toNanos();
            wait = new QueueWait(edge.loop(), clock, most, timeline.headNanos(), callbacks.task(this::waitIsOver));
        }
        return wait.maxWaitNanos(ClientDeadline.millis(request), (long) gate().likelyNanos());
    }

    @Override
    public void waits() {
        timeline.queued(Objects.requireNonNull(wait).begin()); // maxWaitNanos has made it
    }

    private void waitIsOver() {
        if (function().pool().dispatch().leave(this, true)) {
            refused(Refusal.WAIT_OVER);
        }
    }

    @Override
    public void run(Slot claimed) {
        LoopHop.onLoop(edge.loop(), callbacks.task(() -> use(claimed)));
    }

    private void use(Slot claimed) {
        long waited = wait == null ? -1 : wait.served();
        if (waited >= 0) {
            meters.waited(waited);
        }
        boolean other = breaker.narrows(gate()); // the script has become suspicious while this run waited
        boolean done = listener.isDone();
        long entry = done || other ? CircuitBreaker.REFUSED : breaker.enter();
        Run run = new Run(function().pool().dispatch(), gate(), function().meters(), breaker, entry);
        if (entry != CircuitBreaker.REFUSED) {
            listener.childIsThere(claimed, run);
            return;
        }
        giveBack(claimed, run);
        if (!done && other) {
            begin(clock.getAsLong());
        } else if (!done) {
            listener.childIsRefused(Problem.POISONED, breaker.retryAfterSeconds());
        }
    }

    /** Gives a child back, because the run does not begin. */
    void giveBack(Slot unused, Run run) {
        run.unused();
        function().pool().dispatch().takeBack(unused);
    }

    /** Leaves the waiting room, because the invocation needs no child any more. Idempotent. */
    void leave() {
        if (function != null) {
            function.pool().dispatch().leave(this, false);
        }
    }

    /** The invocation has ended. */
    void end() {
        if (wait != null) {
            wait.end();
        }
    }
}
