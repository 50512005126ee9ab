package dev.relais.admission;

/** Why an invocation was refused. */
public enum Refusal {
    /** As many invocations wait as the queue may hold. */
    QUEUE_FULL,
    /** It was not let in, because by the present estimate it would not be served before its deadline. */
    TOO_LATE,
    /** No child became free in time. */
    WAIT_OVER,
    /** The function runs as often as it may, and as many wait for it as may wait, or as can be served in time. */
    FUNCTION_LIMIT,
    /** The function kills the PHP processes that run it. */
    POISONED
}
