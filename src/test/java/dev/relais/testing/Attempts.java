package dev.relais.testing;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Attempts that are made again when the machine was too slow for one, so that it has proved nothing. {@link Patience} says for how long. */
public final class Attempts {
    /** What is tried. */
    public interface Attempt {
        void make() throws Exception;
    }

    private Attempts() {}

    /**
     * Makes an attempt until it has proved something.
     *
     * @param attempt says whether it has; it throws when the product is wrong
     */
    public static void untilProved(Callable<Boolean> attempt) throws Exception {
        long begin = System.nanoTime();
        while (!attempt.call()) {
            if (isOver(begin)) {
                throw new AssertionError("no attempt has proved anything for " + Patience.LIMIT);
            }
        }
    }

    /**
     * Makes an attempt during which the test must not pause, since the gateway gives up a client that does. An attempt that fails is made
     * again if it has taken so long that its client may have been given up.
     *
     * @param pause the time after which the gateway may give up a client
     */
    public static void withoutPause(Duration pause, Attempt attempt) throws Exception {
        long begin = System.nanoTime();
        for (boolean made = false; !made; ) {
            long begun = System.nanoTime();
            try {
                attempt.make();
                made = true;
            } catch (Exception | AssertionError e) {
                if (System.nanoTime() - begun < pause.toNanos() || isOver(begin)) {
                    throw e;
                }
            }
        }
    }

    private static boolean isOver(long begin) {
        return System.nanoTime() - begin > Patience.LIMIT.toNanos();
    }
}
