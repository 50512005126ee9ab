package dev.relais.admission;

/** Why an invocation was refused. */
public enum Refusal {
    /** As many wait as may. */
    QUEUE_FULL,
    /** By what is seen it could not be served before its deadline, so it was not let in. */
    TOO_LATE,
    /** No child became free in time. */
    WAIT_OVER,
    /** The function runs as often as it may, and as many wait for it as may or can be served in time. */
    FUNCTION_LIMIT,
    /** The function kills the PHP processes that run it. */
    POISONED
}
