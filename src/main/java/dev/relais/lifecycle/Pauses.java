package dev.relais.lifecycle;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** The clock and the pauses of code that polls what other threads do. */
interface Pauses {
    /** The clock and the pauses of the JVM. */
    Pauses REAL = new Pauses() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void step() throws InterruptedException {
            Thread.sleep(STEP_MILLIS);
        }
    };

    /**
     * The pause until the next look. A switch takes hundreds of milliseconds, so that polling is precise enough and needs less
     * code than signals.
     */
    long STEP_MILLIS = 5;

    /** The time, as {@link System#nanoTime}. */
    long nanos();

    /** Waits until the next look. */
    void step() throws InterruptedException;

    /**
     * Looks until the condition holds, for so long at most. Blocks.
     *
     * @return whether it holds
     */
    default boolean await(BooleanSupplier condition, Duration atMost) throws InterruptedException {
        long deadline = nanos() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (nanos() - deadline > 0) {
                return false;
            }
            step();
        }
        return true;
    }
}
