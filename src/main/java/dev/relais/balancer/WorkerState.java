package dev.relais.balancer;

/** How much a worker is trusted with. */
public enum WorkerState {
    /** All its children may be claimed. */
    NORMAL,
    /** Far slower than the others: used when so many wait that even its slow children help, and for probes. */
    HELD,
    /** Fails, or nothing that it runs comes to an end: used for probes alone. */
    EJECTED,
    /** Was held or ejected and did well in a probe: one child may be claimed, then two, four, eight. */
    RETURNING;

    /** Whether nothing but probes and the pressure of many waiters brings it requests. */
    boolean isOut() {
        return this == HELD || this == EJECTED;
    }
}
