package dev.relais.dispatch;

import dev.relais.admission.CircuitBreaker;
import dev.relais.admission.Gate;
import dev.relais.slot.Tenant;
import dev.relais.telemetry.FunctionMeters;

/**
 * One run of a function on a child: it has gone through the function's gate and circuit breaker, and tells both how it ended. An
 * invocation that is run again has two. Begun on the request's event loop, ended on the child's.
 */
public final class Run implements Tenant {
    private final Dispatch dispatch;
    private final Gate gate;
    private final FunctionMeters meters;
    private final CircuitBreaker breaker;
    private final long entry;
    private boolean crashed;

    /** @param entry the entry that the circuit breaker has given it */
    public Run(Dispatch dispatch, Gate gate, FunctionMeters meters, CircuitBreaker breaker, long entry) {
        this.dispatch = dispatch;
        this.gate = gate;
        this.meters = meters;
        this.breaker = breaker;
        this.entry = entry;
    }

    /** The run does not begin; nothing of it was sent to PHP. */
    public void unused() {
        breaker.unused(entry);
        dispatch.ended(gate, -1);
    }

    @Override
    public void crashed(long lostNanos) {
        crashed = true;
        meters.crashed();
        breaker.crashed(entry, lostNanos);
    }

    @Override
    public boolean wantsCpuTime(long nowNanos) {
        return gate.wantsCpuTime(nowNanos);
    }

    @Override
    public void computed(long ranNanos, long waitedNanos, long heldNanos, long nowNanos) {
        gate.computed(ranNanos, waitedNanos, heldNanos, nowNanos);
    }

    @Override
    public void left(long heldNanos) {
        if (!crashed) {
            breaker.passed(entry, heldNanos);
        }
        dispatch.ended(gate, heldNanos);
    }
}
