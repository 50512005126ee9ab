package dev.relais.balancer;

/** How many requests a worker gets. */
public enum WorkerState {
    /** All its children may be claimed. */
    NORMAL,
    /** It is far slower than the others. It is used for probes, and when so many wait that even its slow children help. */
    HELD,
    /** It fails, or nothing that it runs ends. It is used only for probes. */
    EJECTED,
    /** It was held back or ejected and did well in a probe: one of its children may be claimed, then two, four, eight. */
    RETURNING;

    /** Whether only probes, or many waiters, bring it requests. */
    boolean isOut() {
        return this == HELD || this == EJECTED;
    }
}
