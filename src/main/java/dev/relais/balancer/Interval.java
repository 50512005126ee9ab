package dev.relais.balancer;

import dev.relais.slot.WorkerSample;

/**
 * What happened at one worker between two samples.
 *
 * @param exchanges that ended well
 * @param relativeLatencySum the sum of their latencies, each relative to its function's usual one
 * @param broken exchanges that broke off
 * @param failures the sum of their weights, 0 to 1 each: the more usual a failure is for its function, the less it weighs, so that a
 *     function that always fails does not make its workers look bad
 * @param stalled whether nothing ended and all that runs has run for far longer than usual, as when the processes are stopped or get no
 *     CPU
 * @param slowRun how many of the last exchanges were slow, one after the other; the run may have begun before this interval
 */
record Interval(long exchanges, double relativeLatencySum, long broken, double failures, boolean stalled, int slowRun) {
    static final Interval NOTHING = new Interval(0, 0, 0, 0, false, 0);
    /**
     * An exchange stalls when it has run for more than ten times its usual latency. A usual latency counts as at least 50 ms,
     * so that a pause of the JVM is no stall.
     */
    private static final double STALLED = 10;

    static Interval between(WorkerSample then, WorkerSample now) {
        long exchanges = now.exchanges() - then.exchanges();
        long broken = now.failures() - then.failures();
        return new Interval(
                exchanges,
                now.relativeLatencySum() - then.relativeLatencySum(),
                broken,
                now.failureWeightSum() - then.failureWeightSum(),
                exchanges + broken == 0 && now.leastRunning() > STALLED,
                now.slowRun());
    }

    /** The number of exchanges that ended, whether well or not. */
    long ended() {
        return exchanges + broken;
    }

    boolean isEmpty() {
        return ended() == 0;
    }

    /** The mean relative latency of the exchanges that ended well; 1 when there are none. */
    double latency() {
        return exchanges > 0 ? relativeLatencySum / exchanges : 1;
    }

    double failureShare() {
        return isEmpty() ? 0 : Math.min(1, Math.max(0, failures / ended()));
    }

    /** The score of this interval alone. */
    WorkerScore score() {
        return new WorkerScore(Math.max(1e-3, latency()), failureShare());
    }
}
