package dev.relais.functions;

/** What becomes of a function that runs while its client hangs up. */
public enum OnAbort {
    /**
     * Before its head it may be changing something, and finishes; after it the child's connection is closed, so that PHP ends at
     * its next output, as behind nginx: an abandoned event stream does not hold a child.
     */
    DEFAULT,
    /** It runs to its end, and what it writes is dropped. */
    FINISH,
    /** Its PHP child is ended at once. */
    END
}
