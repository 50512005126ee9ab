package dev.relais.balancer;

import java.util.Arrays;

/** The real {@link WorkerScore} of so many workers, for the simulation. */
public final class Scores {
    public static final double TOLERANCE = WorkerScore.TOLERANCE;

    private final WorkerScore[] scores;

    public Scores(int workers) {
        scores = new WorkerScore[workers];
        Arrays.fill(scores, WorkerScore.UNKNOWN);
    }

    /** Takes in what one interval brought of a worker. */
    public void next(int worker, long exchanges, double relativeLatencySum) {
        scores[worker] = scores[worker].next(exchanges, relativeLatencySum, 0, 0);
    }

    public double value(int worker) {
        return scores[worker].value();
    }
}
