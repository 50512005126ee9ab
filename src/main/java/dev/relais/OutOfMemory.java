package dev.relais;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process when memory has run out. {@code -XX:+ExitOnOutOfMemoryError} does so for the heap, but not for direct
 * memory. That error is thrown by Java code, of the JDK ("Cannot reserve ... bytes of direct buffer memory") and of Netty, and
 * passed to the code that reads or writes, and the process would go on without being able to work. So code that gets a failure
 * from a channel, a file or a worker thread passes it to {@link #mind}. Any thread.
 */
public final class OutOfMemory {
    private static final int DEEPEST_CAUSE = 16;

    private static volatile Consumer<Throwable> end = failure -> {};

    private OutOfMemory() {}

    /** @param action run when memory has run out; until it is set, as in dev mode and tests, nothing happens */
    public static void onRunOut(Consumer<Throwable> action) {
        end = action;
    }

    /** @param failure any failure; null for none */
    public static void mind(@Nullable Throwable failure) {
        if (failure != null && isOne(failure)) {
            end.accept(failure);
        }
    }

    /**
     * Whether memory is the reason of a failure. A thread that cannot be created does not count, as the JVM does not exit for
     * it either.
     */
    static boolean isOne(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            if (cause instanceof OutOfMemoryError) {
                String message = String.valueOf(cause.getMessage());
                return !message.startsWith("unable to create"); // "... native thread", "... new native thread"
            }
            cause = cause.getCause();
        }
        return false;
    }
}
