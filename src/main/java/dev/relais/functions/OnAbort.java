package dev.relais.functions;

/** What happens to a running invocation when its client hangs up. */
public enum OnAbort {
    /**
     * A script that has not sent its head may be changing something, so it runs to its end. After the head the child's
     * connection is closed, so that PHP ends the script at its next output, as it does behind nginx. So an abandoned event
     * stream does not hold a child.
     */
    DEFAULT,
    /** The script runs to its end, and its output is dropped. */
    FINISH,
    /** The PHP child is ended at once. */
    END
}
