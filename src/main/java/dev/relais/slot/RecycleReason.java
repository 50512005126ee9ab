package dev.relais.slot;

/** Why a child that works is replaced. */
public enum RecycleReason {
    /** It has served as many requests as it may. */
    REQUESTS,
    AGE,
    /** It keeps too much private memory while it is idle. */
    MEMORY,
    /** Other children of its worker are missing: when one ends, PHP-FPM starts all that are. */
    MISSING
}
