package dev.relais.balancer;

import dev.relais.slot.WorkerSample;

/**
 * What happened at one worker between two samples.
 *
 * @param exchanges that ended well
 * @param relativeLatencySum of those
 * @param broken exchanges that broke off
 * @param failures what those weigh: a failure counts less, the more usual it is for its function, so that a poisonous function
 *     brings no worker into disrepute
 * @param stalled nothing ended, and all that runs has run for far longer than usual: its processes are stopped or get no CPU
 * @param slowRun how many of the last exchanges in a row, now and before, were slow
 */
record Interval(long exchanges, double relativeLatencySum, long broken, double failures, boolean stalled, int slowRun) {
    static final Interval NOTHING = new Interval(0, 0, 0, 0, false, 0);
    /** In usual latencies of at least 50 ms, so that a pause of the JVM is no stall. */
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

    /** Exchanges that came to an end, in either way. */
    long ended() {
        return exchanges + broken;
    }

    boolean isEmpty() {
        return ended() == 0;
    }

    /** 1 when nothing ended well. */
    double latency() {
        return exchanges > 0 ? relativeLatencySum / exchanges : 1;
    }

    double failureShare() {
        return isEmpty() ? 0 : Math.min(1, Math.max(0, failures / ended()));
    }

    /** Scored as it is, without what was before. */
    WorkerScore score() {
        return new WorkerScore(Math.max(1e-3, latency()), failureShare());
    }
}
