package dev.relais.balancer;

import dev.relais.ConfigurationProblem;
import dev.relais.worker.Child;
import dev.relais.worker.Worker;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntConsumer;

/**
 * Hands each request to exactly one free child.
 *
 * <p>Holds the ranking: an immutable sorted array behind one volatile, written by {@link #rank} alone. {@link #claim} and
 * {@link #release} are called by event loops; they take constant time, no lock, and allocate nothing.
 */
@Singleton
public class Balancer {
    private final long maxAgeNanos;
    private volatile Ranking ranking = Ranking.EMPTY;
    private volatile IntConsumer capacity = children -> {};

    @Inject
    public Balancer(SamplerConfig config) {
        this(2 * checked(config.interval()).toNanos());
    }

    /** @param maxAgeNanos the age of samples after which their scores mean nothing and all workers are equal */
    Balancer(long maxAgeNanos) {
        this.maxAgeNanos = maxAgeNanos;
    }

    private static Duration checked(Duration interval) {
        if (interval.toSeconds() < 1 || interval.toNanosPart() != 0 || interval.toHours() > 1) {
            throw new ConfigurationProblem(
                    "relais.sampler.interval", interval, "is no whole number of seconds up to an hour", "set it to 1s");
        }
        return interval;
    }

    /**
     * Has somebody told how many children the workers that serve have, after each new ranking, on the thread that ranks.
     *
     * @param listener must not block
     */
    public void onCapacity(IntConsumer listener) {
        capacity = listener;
    }

    /**
     * Claims a free child.
     *
     * @param loop index of the calling event loop; children connected on it are preferred within a worker
     * @param nowNanos {@link System#nanoTime}, which the caller has at hand
     * @return null when no child of any worker is free
     */
    public Child claim(int loop, long nowNanos) {
        Ranking current = ranking;
        if (current.size() == 0) {
            return null;
        }
        int band = current.isFresh(nowNanos, maxAgeNanos) ? current.leading() : current.size();
        return current.claim(loop, band, ThreadLocalRandom.current().nextLong());
    }

    /** Makes an unused or finished slot claimable by all. On the child's loop. */
    public void release(Child child) {
        if (child.publish()) {
            mark(child.worker());
        }
    }

    /** A slot of this worker has been freed. */
    void mark(Worker worker) {
        ranking.markFree(worker);
    }

    /** True once a ranking with a serving worker has been published; and as long as one in it serves. */
    public boolean isServing() {
        Ranking current = ranking;
        for (int i = 0; i < current.size(); i++) {
            if (current.at(i).serving()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Swaps in a new ranking of these workers. Called by the sampler, and once more when a worker begins to serve.
     *
     * @param scores by index of {@code workers}
     */
    synchronized void rank(List<Worker> workers, List<WorkerScore> scores, long nowNanos) {
        int count = workers.size();
        Integer[] order = new Integer[count];
        int ids = 0;
        for (int i = 0; i < count; i++) {
            order[i] = i;
            ids = Math.max(ids, workers.get(i).id() + 1);
        }
        java.util.Arrays.sort(
                order,
                (a, b) -> Double.compare(scores.get(a).value(), scores.get(b).value()));
        Worker[] sorted = new Worker[count];
        double[] values = new double[count];
        int leading = 0;
        int children = 0;
        for (int i = 0; i < count; i++) {
            sorted[i] = workers.get(order[i]);
            children += sorted[i].serving() ? sorted[i].size() : 0;
            values[i] = scores.get(order[i]).value();
            if (values[i] <= values[0] * WorkerScore.TOLERANCE) {
                leading = i + 1;
            }
        }
        ranking = new Ranking(sorted, values, leading, ids, nowNanos);
        capacity.accept(children);
    }

    /** The score of each ranked worker, best first, as (worker id, score) pairs; for meters and status. Any thread. */
    public List<Ranked> ranked() {
        Ranking current = ranking;
        List<Ranked> list = new java.util.ArrayList<>(current.size());
        for (int i = 0; i < current.size(); i++) {
            list.add(new Ranked(current.at(i), current.scoreAt(i)));
        }
        return List.copyOf(list);
    }

    /** One place of the ranking. */
    public record Ranked(Worker worker, double score) {}
}
