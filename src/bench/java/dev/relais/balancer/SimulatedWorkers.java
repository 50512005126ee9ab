package dev.relais.balancer;

import dev.relais.slot.Exchanges;
import dev.relais.slot.Slot;
import dev.relais.slot.Slots;
import dev.relais.slot.Worker;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The product's own choice of a worker, for the simulation: {@link Balancer}, {@link Ranker} and all that they use, on workers without PHP
 * and with the simulation's clock. Nothing of the rule is written here again; this class only counts exchanges as a worker does, and samples
 * as {@link Sampler} does, with an early sample when a worker has become slow. Confined to one thread.
 */
public final class SimulatedWorkers {
    private static final List<EventLoop> LOOP = List.of(new DefaultEventLoop()); // never started: nothing is sent
    private static final double NANOS = 1e9; // in a second

    private final List<Worker> workers;
    private final Balancer balancer;
    private final Ranker ranker;
    private final boolean holdsBack;
    private final List<Deque<Slot>> claimed = new ArrayList<>(); // by worker
    private final long[] exchanges; // since the last sample, by worker
    private final double[] relativeLatency;
    private long sampledNanos;
    private int waiting;

    public SimulatedWorkers(int count, int children, Knobs knobs) {
        workers = Slots.workers(count, children, LOOP);
        workers.forEach(Slots::prove);
        balancer = new Balancer(Long.MAX_VALUE, knobs.tuning());
        balancer.onPressure(() -> waiting);
        ranker = new Ranker(balancer, knobs.tuning(), event -> {});
        holdsBack = knobs.holdsBack();
        exchanges = new long[count];
        relativeLatency = new double[count];
        for (int i = 0; i < count; i++) {
            claimed.add(new ArrayDeque<>(children));
        }
        sample(0);
    }

    /** The sampler looks. */
    public void sample(double now) {
        sampledNanos = (long) (now * NANOS);
        List<Interval> intervals = new ArrayList<>(workers.size());
        for (int i = 0; i < exchanges.length; i++) {
            int slowRun = holdsBack ? Exchanges.slowRun(workers.get(i)) : 0;
            intervals.add(new Interval(exchanges[i], relativeLatency[i], 0, 0, false, slowRun));
        }
        Arrays.fill(exchanges, 0);
        Arrays.fill(relativeLatency, 0);
        ranker.rank(workers, intervals, 0, sampledNanos);
    }

    /** An exchange of this worker has ended. */
    public void ended(int worker, double relative, double now) {
        exchanges[worker]++;
        relativeLatency[worker] += relative;
        if (Exchanges.add(workers.get(worker), relative)
                && (long) (now * NANOS) - sampledNanos >= Sampler.EARLIEST_NANOS) {
            sample(now);
        }
    }

    /**
     * Claims a slot for the request that has waited longest.
     *
     * @return its worker, or -1: it is to wait
     */
    public int claim(int waiters, double now, long random) {
        waiting = waiters;
        return keep(balancer.claim(0, (long) (now * NANOS), random));
    }

    /**
     * Claims a slot of the worker that one request is to try.
     *
     * @return -1: none is to be tried
     */
    public int claimOfProbe() {
        return keep(balancer.ranking().claimOfProbe(0));
    }

    private int keep(Slot slot) {
        if (slot == null) {
            return -1;
        }
        claimed.get(slot.worker().id()).push(slot);
        return slot.worker().id();
    }

    /** Claims or frees children, so that so many of this worker are busy. */
    public void busy(int worker, int count) {
        Deque<Slot> busy = claimed.get(worker);
        while (busy.size() > count) {
            Slots.free(busy.pop());
            balancer.released(workers.get(worker));
        }
        while (busy.size() < count) {
            busy.push(workers.get(worker).tryClaim(0));
        }
    }

    /** How many workers are equally good. */
    public int leading() {
        return balancer.ranking().leading();
    }

    /** The worker at this place of the ranking, 0 being the best. */
    public int at(int place) {
        return balancer.ranking().at(place).worker().id();
    }
}
