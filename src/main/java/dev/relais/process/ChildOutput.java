package dev.relais.process;

import org.jspecify.annotations.Nullable;

/**
 * Receives what a master's log says about its children: their ends, and what they write to their own standard error
 * ({@code php://stderr}, messages of extensions and of the C library), which does not come through FastCGI (src/docs/facts.md,
 * fact 10). Called on the worker's log thread, which must not block, since a full pipe stops the master.
 */
@FunctionalInterface
public interface ChildOutput {
    /**
     * @param pid the child
     * @param text one line as the child wrote it, cut when it is very long; never null
     * @param logged whether it is the first line of a message that PHP also sends by FastCGI; its further lines are not
     *     recognisable
     */
    void line(long pid, String text, boolean logged);

    /**
     * The same for a line that came by a pipe of the child's own, some time after the child wrote it.
     *
     * @param function the function that wrote it; null when that is not known
     */
    default void line(long pid, @Nullable String function, String text, boolean logged) {
        line(pid, text, logged);
    }

    /** Everything that one run of the child has written to a pipe of its own has been passed on. */
    default void runEnded(long pid) {}

    /**
     * The last line was longer than what is kept of it.
     *
     * @param bytes about how much was left out
     */
    default void leftOut(long pid, long bytes) {}

    /** The master has reaped a child. */
    default void ended(ChildExit exit) {}
}
