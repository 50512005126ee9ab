package dev.relais;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process when memory has run out. {@code -XX:+ExitOnOutOfMemoryError} does so for the heap, but not for direct memory:
 * that error is thrown by Java code, of the JDK ("Cannot reserve ... bytes of direct buffer memory") and of Netty, and handed to
 * whoever reads or writes; the process then goes on without being able to. Whoever gets a failure from a channel, a file or a worker
 * thread shows it here. Any thread.
 */
public final class OutOfMemory {
    private static final int DEEPEST_CAUSE = 16;

    private static volatile Consumer<Throwable> end = failure -> {};

    private OutOfMemory() {}

    /** @param action what to do then; nothing before it is set, as in development and tests */
    public static void onRunOut(Consumer<Throwable> action) {
        end = action;
    }

    /** @param failure any; null: there is none */
    public static void mind(@Nullable Throwable failure) {
        if (failure != null && isOne(failure)) {
            end.accept(failure);
        }
    }

    /** Whether memory is the reason. A thread that cannot be made is none: the JVM does not end for it either. */
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
