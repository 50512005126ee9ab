package dev.relais.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Attempts that are made again when the machine was too slow for one, so that it has proved nothing. {@link Patience} says for how long. Each
 * of them prints a line, and is told with the failure that ends them all.
 */
public final class Attempts {
    /** What is tried by a client that must not pause. */
    public interface Attempt {
        /**
         * Makes it. A failure counts only when the client has not paused.
         *
         * @return whether it has proved something
         */
        boolean make(Pace pace) throws Exception;
    }

    private Attempts() {}

    /**
     * Makes an attempt until it has proved something.
     *
     * @param attempt says whether it has; it throws when the product is wrong
     */
    public static void untilProved(Callable<Boolean> attempt) throws Exception {
        untilProved(Patience.LIMIT, pace -> {
            pace.stop(); // every failure counts
            return attempt.call();
        });
    }

    /**
     * Makes an attempt until it has proved something, or has failed without a pause.
     *
     * @param most the time after which the gateway may give up a client that pauses
     */
    public static void untilProved(Duration most, Attempt attempt) throws Exception {
        long begin = System.nanoTime();
        List<Throwable> earlier = new ArrayList<>();
        for (boolean proved = false; !proved; ) {
            Pace pace = new Pace(most);
            long begun = System.nanoTime();
            try {
                proved = attempt.make(pace);
                if (!proved) {
                    if (isOver(begin)) {
                        throw new AssertionError("no attempt has proved anything for " + Patience.LIMIT);
                    }
                    repeat(earlier, begun, new AssertionError("it has proved nothing"));
                }
            } catch (Exception | AssertionError e) {
                if (!pace.isLate() || isOver(begin)) {
                    earlier.forEach(e::addSuppressed);
                    throw e;
                }
                repeat(earlier, begun, e);
            }
        }
    }

    private static void repeat(List<Throwable> earlier, long begun, Throwable reason) {
        earlier.add(reason);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        System.out.println("Attempt " + earlier.size() + " took " + millis + " ms and is made again: " + reason);
    }

    private static boolean isOver(long begin) {
        return System.nanoTime() - begin > Patience.LIMIT.toNanos();
    }
}
