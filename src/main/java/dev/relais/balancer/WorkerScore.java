package dev.relais.balancer;

/**
 * The score of one worker, made of what the sampler saw: lower is better, 1 is as usual.
 *
 * <p>{@code score = relativeLatency * (1 + 10 * failureShare)}, both smoothed over about three samples. Relative latency, not
 * load: the busy count is exact and decides at selection, while a load that is a second old would herd the traffic
 * (Mitzenmacher, "How useful is old information?"; DESIGN.md's simulation). Relative to each function's usual latency, so that
 * a worker is not blamed for the mix of functions it was given. Ten, so that one failure in ten doubles the score.
 *
 * @param relativeLatency 1 = every exchange took as long as its function usually does
 * @param failureShare 0 to 1
 */
record WorkerScore(double relativeLatency, double failureShare) {
    static final WorkerScore UNKNOWN = new WorkerScore(1, 0);
    /** Workers within a quarter of the best one's score are equally good: less is noise of the sampling. */
    static final double TOLERANCE = 1.25;

    private static final double NEW_SHARE = 0.3;
    private static final double FAILURE_WEIGHT = 10;

    WorkerScore {
        if (!(relativeLatency > 0) || !(failureShare >= 0 && failureShare <= 1)) {
            throw new IllegalArgumentException(relativeLatency + ", " + failureShare);
        }
    }

    double value() {
        return relativeLatency * (1 + FAILURE_WEIGHT * failureShare);
    }

    /**
     * Takes in what one interval brought; with nothing finished the score moves back to unknown, so that a worker that was
     * bad is tried again.
     */
    WorkerScore next(long exchanges, double relativeLatencySum, long failures) {
        long finished = exchanges + failures;
        double latency = exchanges > 0 ? relativeLatencySum / exchanges : 1;
        double share = finished > 0 ? (double) failures / finished : 0;
        return new WorkerScore(
                relativeLatency + (latency - relativeLatency) * NEW_SHARE,
                failureShare + (share - failureShare) * NEW_SHARE);
    }
}
