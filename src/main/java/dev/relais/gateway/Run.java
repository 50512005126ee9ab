package dev.relais.gateway;

import dev.relais.admission.CircuitBreaker;
import dev.relais.admission.Gate;
import dev.relais.slot.Tenant;

/**
 * One run of a function on a child, as its function's state sees it: behind its gate, and let through by its circuit breaker. An
 * invocation that is retried has two. Begun on the request's event loop, ended on the child's.
 */
final class Run implements Tenant {
    private final Dispatch dispatch;
    private final Gate gate;
    private final FunctionState state;
    private final CircuitBreaker breaker;
    private final long entry;
    private boolean crashed;

    /** @param entry what the circuit breaker said */
    Run(Dispatch dispatch, Gate gate, FunctionState state, CircuitBreaker breaker, long entry) {
        this.dispatch = dispatch;
        this.gate = gate;
        this.state = state;
        this.breaker = breaker;
        this.entry = entry;
    }

    /** Nothing of it was sent to PHP. */
    void unused() {
        breaker.unused(entry);
        dispatch.ended(gate, -1);
    }

    @Override
    public void crashed(long lostNanos) {
        crashed = true;
        state.meters().crashed();
        breaker.crashed(entry, lostNanos);
    }

    @Override
    public void left(long heldNanos) {
        if (!crashed) {
            breaker.passed(entry, heldNanos);
        }
        dispatch.ended(gate, heldNanos);
    }
}
