package dev.relais.balancer;

import dev.relais.worker.Worker;
import dev.relais.worker.WorkerGroup;
import dev.relais.worker.WorkerSample;
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
 * Looks at every worker once an interval, scores it and has the balancer swap its ranking. Runs on a worker thread of the
 * scheduler, never on an event loop; a worker that cannot be sampled keeps its last score.
 */
@ApplicationScoped
public class Sampler {
    private static final Logger LOG = Logger.getLogger(Sampler.class);

    private final WorkerGroup group;
    private final Balancer balancer;
    private final Map<Integer, WorkerSample> last = new HashMap<>();
    private final Map<Integer, WorkerScore> scores = new HashMap<>();

    @Inject
    public Sampler(WorkerGroup group, Balancer balancer) {
        this.group = group;
        this.balancer = balancer;
    }

    @Scheduled(every = "${relais.sampler.interval}", concurrentExecution = ConcurrentExecution.SKIP)
    void onTick() {
        sample(System.nanoTime());
    }

    /** Samples all workers and swaps the ranking. Also called when a worker begins to serve. Never throws. */
    public synchronized void sample(long nowNanos) {
        List<Worker> workers = group.workers();
        List<WorkerScore> current = new ArrayList<>(workers.size());
        for (Worker worker : workers) {
            current.add(score(worker));
        }
        balancer.rank(workers, current, nowNanos);
    }

    private WorkerScore score(Worker worker) {
        WorkerScore before = scores.getOrDefault(worker.id(), WorkerScore.UNKNOWN);
        try {
            WorkerSample now = group.sample(worker);
            WorkerSample then = last.put(worker.id(), now);
            WorkerScore after = then == null
                    ? before
                    : before.next(
                            now.exchanges() - then.exchanges(),
                            now.relativeLatencySum() - then.relativeLatencySum(),
                            now.failures() - then.failures());
            scores.put(worker.id(), after);
            return after;
        } catch (RuntimeException e) {
            LOG.warnf("%s cannot be sampled: %s", worker, e.toString());
            return before;
        }
    }
}
