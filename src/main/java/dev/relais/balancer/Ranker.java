package dev.relais.balancer;

import dev.relais.events.Event;
import dev.relais.slot.Worker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Makes the next ranking out of what each worker did since the last one: takes it into the workers' healths, has {@link Triage} decide who
 * is held back or ejected and who returns, picks one that a request is to try, and gives the ranking to the balancer. Confined to the
 * sampler; the simulation under {@code src/bench} has one of its own.
 */
final class Ranker {
    private final Balancer balancer;
    private final Tuning tuning;
    private final Consumer<Event> events;
    private final Map<Integer, WorkerHealth> healths = new HashMap<>(); // by the worker's id

    /** @param events receives an event for each worker that is held back, ejected or returns */
    Ranker(Balancer balancer, Tuning tuning, Consumer<Event> events) {
        this.balancer = balancer;
        this.tuning = tuning;
        this.events = events;
    }

    /** Forgets all workers, because those of the next call belong to another generation though they may have the same ids. */
    void forget() {
        healths.clear();
    }

    /**
     * @param intervals of the workers, in the same order
     * @param draining children that still run something for a generation that is not ranked any more
     */
    void rank(List<Worker> workers, List<Interval> intervals, int draining, long nowNanos) {
        long ended = 0;
        for (Interval interval : intervals) {
            ended += interval.ended();
        }
        List<Triage.Patient> all = new ArrayList<>(workers.size());
        for (int i = 0; i < workers.size(); i++) {
            Worker worker = workers.get(i);
            WorkerHealth health = healths.computeIfAbsent(worker.id(), id -> new WorkerHealth(worker.size(), tuning));
            health.take(intervals.get(i), ended);
            all.add(new Triage.Patient(worker, health, worker.serving()));
        }
        Triage.decide(all, nowNanos, events);
        publish(all, draining, nowNanos);
    }

    private void publish(List<Triage.Patient> all, int draining, long nowNanos) {
        List<Ranked> ranked = new ArrayList<>(all.size());
        Worker probe = null;
        for (Triage.Patient one : all) {
            WorkerHealth health = one.health();
            ranked.add(health.ranked(one.worker()));
            if (probe == null && health.isProbeDue(nowNanos) && one.worker().hasFree()) {
                probe = one.worker();
                if (probe.used() > 0) {
                    health.probed(nowNanos); // while other requests run on it, nothing tells when the probe has ended
                }
            }
        }
        balancer.rank(ranked, probe, draining, nowNanos);
    }
}
