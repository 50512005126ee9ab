package dev.relais.worker;

/**
 * Takes what a master's log says of its children: their ends, and what they write to their own standard error ({@code php://stderr}, an
 * extension's or the C library's messages), which does not come through FastCGI (fact 10). Called on the worker's log thread, which must
 * not be held up: a full pipe stops the master.
 */
@FunctionalInterface
interface ChildOutput {
    /**
     * @param pid the child
     * @param text one line, at most 8 KiB, control characters escaped; never null
     */
    void line(long pid, String text);

    /** The master has reaped a child. */
    default void ended(ChildExit exit) {}
}
