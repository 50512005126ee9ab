package dev.relais.balancer;

import dev.relais.slot.Worker;
import dev.relais.slot.WorkerSample;
import dev.relais.worker.WorkerGroup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Looks at every worker once an interval, scores it, decides which are held back, and has the balancer swap its ranking. Runs on a
 * worker thread of the scheduler, never on an event loop; a worker that cannot be sampled is as one that got no requests.
 */
@ApplicationScoped
public class Sampler {
    private static final Logger LOG = Logger.getLogger(Sampler.class);

    private static final long EARLIEST = 100_000_000;

    private final WorkerGroup group;
    private final Balancer balancer;
    private final Map<Integer, WorkerSample> last = new HashMap<>();
    private final Map<Integer, WorkerHealth> healths = new HashMap<>();
    private volatile long sampledNanos = Long.MIN_VALUE / 2;
    private List<Worker> sampled = List.of(); // those of another generation have the same ids

    @Inject
    public Sampler(WorkerGroup group, Balancer balancer) {
        this.group = group;
        this.balancer = balancer;
    }

    @Scheduled(every = "${relais.sampler.interval}", concurrentExecution = ConcurrentExecution.SKIP)
    void onTick() {
        sample(System.nanoTime());
    }

    /** As {@link #sample}, when the last sample is not of the last tenth of a second: then the next tick is soon enough. */
    public void sampleEarly(long nowNanos) {
        if (nowNanos - sampledNanos >= EARLIEST) {
            sample(nowNanos);
        }
    }

    /** Samples all workers and swaps the ranking. Also called when a worker begins to serve. Never throws. */
    public synchronized void sample(long nowNanos) {
        sampledNanos = nowNanos;
        List<Worker> workers = group.workers();
        if (workers != sampled) {
            sampled = workers;
            last.clear();
            healths.clear();
        }
        List<Interval> intervals = new ArrayList<>(workers.size());
        long ended = 0;
        for (Worker worker : workers) {
            Interval interval = interval(worker);
            intervals.add(interval);
            ended += interval.ended();
        }
        List<Triage.Patient> all = new ArrayList<>(workers.size());
        for (int i = 0; i < workers.size(); i++) {
            Worker worker = workers.get(i);
            WorkerHealth health = healths.computeIfAbsent(worker.id(), id -> new WorkerHealth(worker.size()));
            health.take(intervals.get(i), ended);
            all.add(new Triage.Patient(worker, health, worker.serving()));
        }
        Triage.decide(all, nowNanos);
        publish(all, nowNanos);
    }

    private void publish(List<Triage.Patient> all, long nowNanos) {
        List<Ranked> ranked = new ArrayList<>(all.size());
        Worker probe = null;
        for (Triage.Patient one : all) {
            WorkerHealth health = one.health();
            ranked.add(new Ranked(one.worker(), health.score(), health.state(), health.allowance()));
            if (probe == null && health.isProbeDue(nowNanos) && one.worker().hasFree()) {
                probe = one.worker();
                if (probe.used() > 0) {
                    health.probed(nowNanos); // no sign of the probe's end would come while others run
                }
            }
        }
        balancer.rank(ranked, probe, group.draining(), nowNanos);
    }

    private Interval interval(Worker worker) {
        try {
            WorkerSample now = group.sample(worker);
            WorkerSample then = last.put(worker.id(), now);
            return then == null ? Interval.NOTHING : Interval.between(then, now);
        } catch (RuntimeException e) {
            LOG.warnf("%s cannot be sampled: %s", worker, e.toString());
            return Interval.NOTHING;
        }
    }
}
