package dev.relais.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link Bottleneck} is made of.
 *
 * @param busiest the function that holds the most children; null when none is busy
 * @param limited the function for which the most requests wait at a limit of its own; null for none
 * @param troubles what else is wrong, the worst first
 */
record Signs(
        boolean draining,
        Load load,
        Children children,
        @Nullable Busiest busiest,
        @Nullable Limited limited,
        List<Bottleneck> troubles) {
    Signs {
        troubles = List.copyOf(troubles);
    }

    /**
     * How loaded all is.
     *
     * @param busy the part of their time in which children are busy, above 1 when requests wait for one
     * @param cpu the part of the processors that is used; -1 when it is not known
     * @param memory the part of the memory that is used; -1 when it is not known
     * @param waiting requests that wait
     * @param capacity requests that may wait
     * @param waitMillis how long requests waited, at the 95th percentile of the last seconds
     * @param refused requests that are refused in a second
     */
    record Load(double busy, double cpu, double memory, int waiting, int capacity, double waitMillis, double refused) {}

    /**
     * The children.
     *
     * @param ready those that have answered
     * @param stuck those that have run something for far too long
     * @param stuckFunction what the one runs that has run longest; empty when none is stuck
     */
    record Children(int all, int ready, int stuck, String stuckFunction, long stuckSeconds) {}

    /**
     * The function that holds the most children.
     *
     * @param millis for how long at a time
     */
    record Busiest(String function, int children, double millis) {}

    /** A function at its own limit. */
    record Limited(String function, int concurrency, int waiting) {}

    /** The trouble of a kind; null for none. */
    @Nullable
    Bottleneck trouble(Bottleneck.Kind kind) {
        for (Bottleneck trouble : troubles) {
            if (trouble.kind() == kind) {
                return trouble;
            }
        }
        return null;
    }
}
