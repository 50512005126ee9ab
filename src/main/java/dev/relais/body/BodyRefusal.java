package dev.relais.body;

/** Why a request's body is not read, or not read any further. The caller decides what it answers. */
public enum BodyRefusal {
    /** It is longer than a body may be, or its head announces that it will be. */
    TOO_LARGE,
    /** The client paused for too long, or sent too few bytes per second. */
    TOO_SLOW,
    /** The framing is broken, or the bytes are more or fewer than the head announced. */
    MALFORMED,
    /** The bodies of all clients together have used up the memory for them. */
    MEMORY_FULL,
    /** The spool has no room for it, or its disk has none. */
    SPOOL_FULL,
    /** The spool file cannot be written for another reason, which is logged. */
    SPOOL_FAILED
}
