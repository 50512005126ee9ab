package dev.relais.balancer;

import dev.relais.LogText;
import dev.relais.events.Events;
import dev.relais.slot.Worker;
import dev.relais.slot.WorkerSample;
import dev.relais.worker.WorkerGroup;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Samples every worker once in each interval and has the {@link Ranker} make a ranking of the samples. It runs on a worker
 * thread of its own, never on an event loop. A worker that cannot be sampled is treated as one that got no requests.
 */
@Singleton
public class Sampler {
    private static final Logger LOG = Logger.getLogger(Sampler.class);

    /** Between two samples, when a worker asks for one. */
    static final long EARLIEST_NANOS = 100_000_000;

    private final WorkerGroup group;
    private final IntSupplier draining;
    private final LongSupplier nanos;
    private final Ranker ranker;
    private final Map<Integer, WorkerSample> last = new HashMap<>();
    private volatile long sampledNanos = Long.MIN_VALUE / 2;
    private List<Worker> sampled = List.of(); // to notice another generation, whose workers have the same ids

    @Inject
    public Sampler(WorkerGroup group, Balancer balancer, Events events) {
        this(group, balancer, events, () -> 0, System::nanoTime);
    }

    /** @param draining gives how many children of other groups still run something for the same waiting room */
    public Sampler(WorkerGroup group, Balancer balancer, Events events, IntSupplier draining) {
        this(group, balancer, events, draining, System::nanoTime);
    }

    /** @param nanos as {@link System#nanoTime} */
    Sampler(WorkerGroup group, Balancer balancer, Events events, IntSupplier draining, LongSupplier nanos) {
        this.group = group;
        this.draining = draining;
        this.nanos = nanos;
        this.ranker = new Ranker(balancer, Tuning.RELAIS, events::add);
    }

    /**
     * Samples like {@link #sample()}, but does nothing when the last sample is less than a tenth of a second old, since the next
     * tick is then soon enough.
     */
    public void sampleEarly() {
        long nowNanos = nanos.getAsLong();
        if (nowNanos - sampledNanos >= EARLIEST_NANOS) {
            sample(nowNanos);
        }
    }

    /** Samples all workers and swaps the ranking. Also called when a worker begins to serve. Never throws. */
    public void sample() {
        sample(nanos.getAsLong());
    }

    /** @param nowNanos as {@link System#nanoTime} */
    synchronized void sample(long nowNanos) {
        sampledNanos = nowNanos;
        List<Worker> workers = group.workers();
        if (workers != sampled) {
            sampled = workers;
            last.clear();
            ranker.forget();
        }
        List<Interval> intervals = new ArrayList<>(workers.size());
        for (Worker worker : workers) {
            intervals.add(interval(worker));
        }
        ranker.rank(workers, intervals, group.draining() + draining.getAsInt(), nowNanos);
    }

    private Interval interval(Worker worker) {
        try {
            WorkerSample now = group.sample(worker);
            WorkerSample then = last.put(worker.id(), now);
            return then == null ? Interval.NOTHING : Interval.between(then, now);
        } catch (RuntimeException e) {
            LOG.warnf("Worker cannot be sampled: worker=%d cause=%s", worker.id(), LogText.value(e));
            return Interval.NOTHING;
        }
    }
}
