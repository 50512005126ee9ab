package dev.relais.balancer;

/**
 * The score of one worker, made of what the sampler saw: lower is better, 1 is as usual.
 *
 * <p>{@code score = relativeLatency * (1 + 10 * failureShare)}, both smoothed over about three samples. It is made of latency and not of
 * load: how many children are busy is known exactly when a worker is selected, while a load that is a second old would herd the traffic
 * (Mitzenmacher, "How useful is old information?"; src/bench/results/simulation.md). The latency is relative to each function's usual one,
 * so that a worker is not blamed for the mix of functions it was given. The factor is ten, so that one failure in ten doubles the score; a
 * failure counts as much as it is unusual for its function. An interval of less than 8 exchanges counts for as much less: one outlier,
 * however large, makes no worker bad, while one that is ten times slower and gets only seven requests a second shows at the next sample.
 *
 * @param relativeLatency 1 = every exchange took as long as its function usually does
 * @param failureShare 0 to 1
 */
record WorkerScore(double relativeLatency, double failureShare) {
    static final WorkerScore UNKNOWN = new WorkerScore(1, 0);

    private static final double NEW_SHARE = 0.3;
    private static final double ENOUGH = 8;
    private static final double FAILURE_WEIGHT = 10;

    WorkerScore {
        if (!(relativeLatency > 0) || !(failureShare >= 0 && failureShare <= 1)) {
            throw new IllegalArgumentException(relativeLatency + ", " + failureShare);
        }
    }

    double value() {
        return relativeLatency * (1 + FAILURE_WEIGHT * failureShare);
    }

    WorkerScore atLeast(double latency) {
        return new WorkerScore(Math.max(latency, relativeLatency), failureShare);
    }

    /**
     * The score after one more interval. When nothing ended in it the score moves back to unknown, so that a worker that was bad is tried
     * again.
     *
     * @param broken exchanges that failed
     * @param failures the sum of their weights, at most {@code broken}
     */
    WorkerScore next(long exchanges, double relativeLatencySum, long broken, double failures) {
        long finished = exchanges + broken;
        double latency = exchanges > 0 ? relativeLatencySum / exchanges : 1;
        double share = finished > 0 ? Math.min(1, Math.max(0, failures / finished)) : 0;
        double fresh = finished > 0 ? NEW_SHARE * Math.min(1, finished / ENOUGH) : NEW_SHARE;
        return new WorkerScore(
                relativeLatency + (latency - relativeLatency) * fresh, failureShare + (share - failureShare) * fresh);
    }
}
