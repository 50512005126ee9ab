package dev.relais.balancer;

import java.util.concurrent.TimeUnit;

/**
 * The numbers that decide how many requests a worker gets. {@link #RELAIS} is in force; the simulation under {@code src/bench}
 * tries others on the same classes, and {@code src/bench/results/simulation.md} says why these were chosen.
 *
 * @param tolerance workers with a score up to so many times the median are equally good: less is noise
 * @param bad a worker with a score over so many times the median is held back: below that its children are still worth using at
 *     a high load
 * @param patience so long must the queue be before the children of a worker that is held back are used, in multiples of (its
 *     score divided by the median, less 1) * (children that may be used)
 * @param firstRetryNanos time between two probes of a worker, at first
 * @param requestsPerProbe one request in so many is a probe, at most, lest probes make the 99th percentile
 */
record Tuning(double tolerance, double bad, double patience, long firstRetryNanos, long requestsPerProbe) {
    static final Tuning RELAIS = new Tuning(1.25, 3, 0.5, TimeUnit.SECONDS.toNanos(1), 500);

    Tuning {
        if (!(tolerance >= 1) || !(bad > 1) || !(patience >= 0) || firstRetryNanos <= 0 || requestsPerProbe <= 0) {
            throw new IllegalArgumentException(
                    tolerance + ", " + bad + ", " + patience + ", " + firstRetryNanos + ", " + requestsPerProbe);
        }
    }

    /** How many invocations must wait before the children of a worker with this score are used. */
    int waitersBefore(double score, double median, int children) {
        return (int) Math.max(1, Math.ceil(patience * (score / median - 1) * children));
    }
}
