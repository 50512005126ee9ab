package dev.relais.balancer;

import dev.relais.slot.Worker;
import dev.relais.slot.WorkerSample;
import java.util.concurrent.TimeUnit;

/**
 * Whether one worker is used like the others, from sample to sample. Confined to the sampler.
 *
 * <p>A worker is bad when its score is over three times the (lower) median of all workers. It is bad at once when its last ten exchanges
 * all took over three times as long as usual, or when it stalls, while the other workers do neither. The factor is three because a worker
 * that is less slow is still worth using at a high load (src/bench/results/simulation.md).
 *
 * <p>While a worker is out its score is frozen: a score that drifts back to 1 would earn it a full share while it is still slow. What
 * decides then is each probe. After a probe that was less than twice as slow as the median the worker returns with one child, and with
 * two, four, eight at each good sample that follows.
 *
 * <p>A probe costs its client some time or even the answer. So one of 500 requests is a probe, and at most one a second, lest probes make
 * the 99th percentile. A failed probe doubles the time to the next one, up to a minute. There is none while nothing that the worker runs
 * comes to an end. After a minute there is one in any case, so that a quiet service finds a recovery, too.
 */
final class WorkerHealth {
    /** A worker that took less than so many times the median in a probe may return. */
    private static final double GOOD = 2;
    /** A worker with so large a share of failures is ejected, and not only held back. */
    private static final double FAILING = 0.2;

    private static final long LAST_RETRY = TimeUnit.SECONDS.toNanos(60);

    private final int children;
    private final Tuning tuning;
    private WorkerScore score = WorkerScore.UNKNOWN;
    private Interval last = Interval.NOTHING;
    private WorkerState state = WorkerState.NORMAL;
    private int allowance;
    private long retryNanos;
    private long retryAt;
    private long requests; // how many requests ended on all workers since the next probe was last postponed

    /** @param children of the worker */
    WorkerHealth(int children, Tuning tuning) {
        this.children = children;
        this.tuning = tuning;
        this.allowance = children;
        this.retryNanos = tuning.firstRetryNanos();
    }

    WorkerState state() {
        return state;
    }

    int allowance() {
        return allowance;
    }

    double score() {
        return score.value();
    }

    /** The worker of this health, as it is ranked. */
    Ranked ranked(Worker worker) {
        return new Ranked(worker, score.value(), state, allowance, score.relativeLatency(), score.failureShare());
    }

    /**
     * First step of a sample: takes in what happened in the interval.
     *
     * @param ended exchanges of all workers in this interval
     */
    void take(Interval interval, long ended) {
        last = interval;
        requests += ended;
        if (!state.isOut()) {
            score = score.next(
                    interval.exchanges(), interval.relativeLatencySum(), interval.broken(), interval.failures());
        }
    }

    boolean hasEnded() {
        return !last.isEmpty();
    }

    /** Whether it is as fast as usual. When most workers are, a run of slow exchanges of another one has its cause in that one. */
    boolean isFast() {
        return hasEnded() && last.slowRun() < 3;
    }

    private boolean isSlow() {
        return last.slowRun() >= WorkerSample.LONG_RUN;
    }

    /**
     * Whether it is worse than the others.
     *
     * @param othersEnd whether exchanges end on most workers, so that a stall has its cause in this one
     * @param othersFast whether most workers are fast, so that a run of slow exchanges has its cause in this one
     */
    boolean isBad(double median, boolean othersEnd, boolean othersFast) {
        double seen = state == WorkerState.RETURNING ? last.score().value() : score.value();
        return last.stalled() && othersEnd || isSlow() && othersFast || seen > tuning.bad() * median;
    }

    /** Second step of a sample, for a worker that is not bad, or is out already. */
    void goOn(double median, long nowNanos) {
        if (last.isEmpty() || state == WorkerState.NORMAL) {
            return;
        }
        if (state == WorkerState.RETURNING) {
            allow(2 * allowance);
        } else if (didWell(median)) {
            score = WorkerScore.UNKNOWN;
            allow(1);
        } else {
            retryLater(nowNanos);
        }
    }

    /**
     * Whether a probe went well. For an ejected worker it is enough that an exchange ends well; the next exchanges will show
     * how fast it is.
     */
    private boolean didWell(double median) {
        return state == WorkerState.EJECTED
                ? last.failureShare() < FAILING
                : last.score().value() < GOOD * median;
    }

    /** Second step of a sample, for a worker that is bad: it is held back or ejected. */
    void putOut(double median, long nowNanos) {
        double share = state == WorkerState.RETURNING ? last.failureShare() : score.failureShare();
        score = state == WorkerState.RETURNING ? last.score() : score;
        score = isSlow() ? score.atLeast(tuning.bad() * median) : score; // the mean does not show it yet
        state = last.stalled() || share >= FAILING ? WorkerState.EJECTED : WorkerState.HELD;
        allowance = 0;
        retryLater(nowNanos);
    }

    /** Uses the worker in full again, whatever was seen of it, because too few other workers serve. */
    void readmit() {
        allow(children);
    }

    private void allow(int number) {
        allowance = Math.min(children, number);
        state = allowance == children ? WorkerState.NORMAL : WorkerState.RETURNING;
        if (state == WorkerState.NORMAL) {
            retryNanos = tuning.firstRetryNanos();
        }
    }

    /** A probe is sent to it while other requests run on it, so that the next one has to wait. */
    void probed(long nowNanos) {
        retryLater(nowNanos);
    }

    private void retryLater(long nowNanos) {
        requests = 0;
        retryAt = nowNanos + retryNanos;
        if (state == WorkerState.EJECTED) {
            retryNanos = Math.min(LAST_RETRY, 2 * retryNanos);
        }
    }

    /** Whether it is time for a probe. */
    boolean isProbeDue(long nowNanos) {
        long overdue = nowNanos - retryAt;
        boolean due = overdue >= LAST_RETRY || requests >= tuning.requestsPerProbe() && !last.stalled();
        return state.isOut() && overdue >= 0 && due;
    }

    /** Why it is out, for the log. */
    String reason() {
        return last.stalled() ? "nothing that it runs comes to an end" : score.toString();
    }
}
