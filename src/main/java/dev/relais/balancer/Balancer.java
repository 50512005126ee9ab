package dev.relais.balancer;

import dev.relais.slot.Slot;
import dev.relais.slot.SlotOwner;
import dev.relais.slot.Worker;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands each request to exactly one free slot.
 *
 * <p>Holds the ranking: an immutable sorted array behind one volatile, written by {@link #rank} alone. {@link #claim} and
 * {@link #release} are called by event loops; they take constant time, no lock, and allocate nothing.
 */
@Singleton
public class Balancer {
    private final long maxAgeNanos;
    private final Tuning tuning;
    private volatile Ranking ranking = Ranking.EMPTY;
    private volatile IntConsumer capacity = children -> {};
    private volatile IntSupplier waiting = () -> 0;

    @Inject
    public Balancer(SamplerConfig config) {
        this(2 * checked(config).toNanos(), Tuning.RELAIS);
    }

    /** @param maxAgeNanos the age of samples after which their scores mean nothing and all workers are equal */
    Balancer(long maxAgeNanos, Tuning tuning) {
        this.maxAgeNanos = maxAgeNanos;
        this.tuning = tuning;
    }

    /** Another one with the same rules, for the workers of a pool. */
    public Balancer another() {
        return new Balancer(maxAgeNanos, tuning);
    }

    private static Duration checked(SamplerConfig config) {
        SamplerConfig.check(config);
        return config.interval();
    }

    /**
     * Sets where the balancer asks how many invocations wait for a child.
     *
     * @param length must not block
     */
    public void onPressure(IntSupplier length) {
        waiting = length;
    }

    /**
     * Sets the listener for capacity: after each ranking it is told how many children are usable or in use, on the thread that ranks.
     * Children in use count even on workers that are held back or ejected, or that belong to a draining generation: their invocations
     * hold permits, and would otherwise seem to run on the children of the other workers.
     *
     * @param listener must not block
     */
    public void onCapacity(IntConsumer listener) {
        capacity = listener;
    }

    /**
     * Claims a free slot.
     *
     * @param loop index of the calling event loop; children connected on it are preferred within a worker
     * @param nowNanos {@link System#nanoTime}, which the caller has at hand
     * @return null when no slot is free that may be used
     */
    public @Nullable Slot claim(int loop, long nowNanos) {
        return claim(loop, nowNanos, ThreadLocalRandom.current().nextLong());
    }

    /** @param random any 64 bits, from which all random choices are made */
    @Nullable
    Slot claim(int loop, long nowNanos, long random) {
        Ranking current = ranking;
        if (current.active() == 0) {
            return null;
        }
        int band = current.isFresh(nowNanos, maxAgeNanos) ? current.leading() : current.active();
        return current.claim(loop, band, random, waiting);
    }

    /** The ranking in force. */
    Ranking ranking() {
        return ranking;
    }

    /** Whether {@link #claim} may find a slot; false is certain but for workers that are held back. Cheaper than a claim that fails. */
    public boolean mayHaveFree() {
        return ranking.mayHaveFree();
    }

    /** How many slots that could be claimed otherwise are held for an instant, because their worker is told of changed code. */
    public int heldForNotice() {
        Ranking current = ranking;
        int sum = 0;
        for (int place = 0; place < current.active(); place++) {
            sum += current.at(place).worker().heldForNotice();
        }
        return sum;
    }

    /** Whether a slot whose exchange has ended may serve the next waiter; otherwise it is to be {@linkplain #release released}. */
    public boolean mayServe(Slot slot) {
        return ranking.mayServe(slot.worker(), waiting);
    }

    /** Makes an unused or finished slot claimable by all. Called on the slot's event loop. */
    public void release(Slot slot) {
        if (slot.release()) {
            released(slot.worker());
        }
    }

    /** A slot of this worker has been freed. */
    void released(SlotOwner worker) {
        ranking.released(worker);
    }

    /** Whether a ranking was published, and a worker in it serves. */
    public boolean isServing() {
        Ranking current = ranking;
        for (int i = 0; i < current.size(); i++) {
            if (current.at(i).worker().serving()) {
                return true;
            }
        }
        return false;
    }

    /** Swaps in a ranking of workers that are all the same to it, and that nobody samples. */
    public void rankEqual(List<Worker> workers, long nowNanos) {
        rank(workers, Collections.nCopies(workers.size(), WorkerScore.UNKNOWN), nowNanos);
    }

    /** Swaps in a ranking of workers that are all normal; {@code scores} by index of {@code workers}. */
    void rank(List<Worker> workers, List<WorkerScore> scores, long nowNanos) {
        List<Ranked> places = new ArrayList<>();
        for (int i = 0; i < workers.size(); i++) {
            places.add(Ranked.normal(workers.get(i), scores.get(i).value()));
        }
        rank(places, null, 0, nowNanos);
    }

    /**
     * Swaps in a new ranking. Called by the sampler, and once more when a worker begins to serve.
     *
     * @param workers in any order
     * @param probe a worker that is held back or ejected and that one request is to try; null for none
     * @param draining children that still run something for a generation that is not ranked any more
     */
    synchronized void rank(List<Ranked> workers, @Nullable Worker probe, int draining, long nowNanos) {
        Ranked[] sorted = workers.toArray(new Ranked[0]);
        Arrays.sort(
                sorted,
                Comparator.comparing((Ranked ranked) -> ranked.state().isOut()).thenComparingDouble(Ranked::score));
        double median = sorted.length == 0 ? 1 : sorted[(sorted.length - 1) / 2].score();
        int ids = 0;
        int active = 0;
        int leading = 0;
        int children = 0;
        int usableOrUsed = draining;
        for (Ranked ranked : sorted) {
            ids = Math.max(ids, ranked.worker().id() + 1);
            active += ranked.state().isOut() ? 0 : 1;
            leading += !ranked.state().isOut() && ranked.score() <= median * tuning.tolerance() ? 1 : 0;
            children += ranked.worker().serving() ? ranked.allowance() : 0;
            usableOrUsed += ranked.worker().serving()
                    ? Math.max(ranked.allowance(), ranked.worker().used())
                    : 0;
        }
        int[] patience = new int[sorted.length - active];
        for (int i = 0; i < patience.length; i++) {
            patience[i] = patience(sorted[active + i], median, children);
        }
        ranking = new Ranking(sorted, active, Math.max(1, leading), patience, probe, ids, nowNanos);
        capacity.accept(usableOrUsed);
    }

    /**
     * How many invocations must wait before the children of a worker that is held back are used: a slow child helps when the oldest request
     * loses no more by running on it than the requests behind it gain (Lin and Kumar, "Optimal control of a queueing system with two heterogeneous servers", 1984).
     */
    private int patience(Ranked out, double median, int children) {
        return out.state() == WorkerState.HELD
                ? tuning.waitersBefore(out.score(), median, children)
                : Integer.MAX_VALUE;
    }

    /** The workers, best first; for meters and status. Any thread. */
    public List<Ranked> ranked() {
        Ranking current = ranking;
        List<Ranked> list = new ArrayList<>(current.size());
        for (int i = 0; i < current.size(); i++) {
            list.add(current.at(i));
        }
        return List.copyOf(list);
    }
}
