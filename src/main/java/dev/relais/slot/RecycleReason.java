package dev.relais.slot;

/** Why a child that works is replaced. */
public enum RecycleReason {
    /** It has served the configured number of requests. */
    REQUESTS,
    AGE,
    /** It keeps too much private memory while it is idle. */
    MEMORY,
    /** Other children of its worker are missing, and PHP-FPM starts all missing children when one ends. */
    MISSING
}
