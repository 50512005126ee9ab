package dev.relais.process;

/**
 * Takes what a master's log says of its children: their ends, and what they write to their own standard error ({@code php://stderr}, an
 * extension's or the C library's messages), which does not come through FastCGI (src/docs/facts.md, fact 10). Called on the worker's log
 * thread, which must not be held up: a full pipe stops the master.
 */
@FunctionalInterface
public interface ChildOutput {
    /**
     * @param pid the child
     * @param text one line as the child wrote it, cut when it is very long; never null
     * @param logged whether it is the first line of a message that PHP sends by FastCGI, too; its further lines cannot be known
     */
    void line(long pid, String text, boolean logged);

    /** More was written to the last line than is kept of it. @param bytes about as many */
    default void leftOut(long pid, long bytes) {}

    /** The master has reaped a child. */
    default void ended(ChildExit exit) {}
}
