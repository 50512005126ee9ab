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
    private static final String THREAD = "unable to create";

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
                return !isOfThread(String.valueOf(cause.getMessage()));
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** The message is "unable to create native thread" of a JVM, and "Unable to create native thread" of a native executable. */
    private static boolean isOfThread(String message) {
        return message.regionMatches(true, 0, THREAD, 0, THREAD.length());
    }
}
