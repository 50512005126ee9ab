package dev.relais.balancer;

import dev.relais.slot.WorkerSample;
import java.util.concurrent.TimeUnit;

/**
 * The state of one worker, from sample to sample. Confined to the sampler.
 *
 * <p>A worker is bad when its score is over three times the (lower) median of all, and at once when its last ten exchanges were all
 * over three times slower than usual, or when it stalls, while the others do not.
 * Three, because below that its children are still worth using at a high load (src/bench/results/simulation.md). Out, it keeps
 * its score, for drifting back to 1 it would be sent a full share again and again; what decides then is each probe: after one that
 * was less than twice as slow as the median it returns with one child, then two, four, eight at each good sample.
 *
 * <p>A probe costs its client some time or even the answer. So it is one of 500 requests and no more than one a second, lest
 * probes make the 99th percentile; a failed one doubles the time to the next, up to a minute; and while what the worker runs
 * stands still there is none. After that minute there is one in any case: a quiet service must find a recovery too.
 */
final class WorkerHealth {
    /** A worker that took less than so many times the median in a probe may return. */
    private static final double GOOD = 2;
    /** A failure share that alone makes a score bad. */
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
    private long requests; // that ended since it was last put off

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

    /**
     * First step of a sample.
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

    /** Whether it works as usual: if most do, another one's run of slow exchanges is that one's own. */
    boolean isFast() {
        return hasEnded() && last.slowRun() < 3;
    }

    private boolean isSlow() {
        return last.slowRun() >= WorkerSample.LONG_RUN;
    }

    /**
     * @param othersEnd whether exchanges end elsewhere, so that a stall is this worker's own
     * @param othersFast the same for a run of slow exchanges
     */
    boolean isBad(double median, boolean othersEnd, boolean othersFast) {
        double seen = state == WorkerState.RETURNING ? last.score().value() : score.value();
        return last.stalled() && othersEnd || isSlow() && othersFast || seen > tuning.bad() * median;
    }

    /** Second step, of one that is not bad, or is out already. */
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

    /** One exchange of an ejected worker that comes to an end says enough: how fast it is, more of them will show. */
    private boolean didWell(double median) {
        return state == WorkerState.EJECTED
                ? last.failureShare() < FAILING
                : last.score().value() < GOOD * median;
    }

    /** Second step, of a bad one. */
    void putOut(double median, long nowNanos) {
        double share = state == WorkerState.RETURNING ? last.failureShare() : score.failureShare();
        score = state == WorkerState.RETURNING ? last.score() : score;
        score = isSlow() ? score.atLeast(tuning.bad() * median) : score; // the mean does not show it yet
        state = last.stalled() || share >= FAILING ? WorkerState.EJECTED : WorkerState.HELD;
        allowance = 0;
        retryLater(nowNanos);
    }

    /** Whatever was seen of it: it is needed. */
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

    /** A request is about to try it beside others that it runs. */
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

    /** Whether one request should try it. */
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
