package dev.relais.admission;

import dev.relais.MovingMean;

/**
 * What share of its time on a child a function computes, from runs whose processor time was measured. The time in which a run waited
 * for a processor is left out, so the share is the same however many others compute: 1 for a run that only computes, next to 0 for one
 * that waits for a database.
 *
 * <p>Runs count by their time: one that waited for a second among runs of a millisecond shows at once that the function waits now.
 * Any event loop; an update that is lost between two does not matter.
 */
final class CpuShare {
    /** Before so many runs were measured nothing is known. */
    static final int ENOUGH = 8;

    private static final int WINDOW = 32; // runs that the means cover
    /** Between two measured runs, once enough are known: a measurement costs the event loop some 30 us. */
    static final long INTERVAL_NANOS = 50_000_000;

    private volatile long nextNanos;
    private volatile int seen;
    private final MovingMean computing = MovingMean.ofAll(WINDOW); // nanoseconds of a run
    private final MovingMean all = MovingMean.ofAll(WINDOW);

    /** Whether the run that begins now is to be measured. */
    boolean isDue(long nowNanos) {
        return seen < ENOUGH || nowNanos - nextNanos >= 0;
    }

    /**
     * A measured run has ended.
     *
     * @param computedNanos in which it had a processor
     * @param heldNanos for which it had its child, less the time in which it waited for a processor
     */
    void observe(long computedNanos, long heldNanos, long nowNanos) {
        nextNanos = nowNanos + INTERVAL_NANOS;
        computing.add(computedNanos);
        all.add(heldNanos);
        seen = Math.min(ENOUGH, seen + 1);
    }

    /** 0 to 1; 0 as well while too few runs were measured. */
    double value() {
        double held = all.value();
        return seen < ENOUGH || held <= 0 ? 0 : Math.max(0, Math.min(1, computing.value() / held));
    }
}
