package dev.relais.lifecycle;

import dev.relais.balancer.Sampler;
import dev.relais.dispatch.Pool;
import dev.relais.events.Events;
import dev.relais.functions.PoolSettings;
import dev.relais.slot.WorkerListener;
import dev.relais.worker.Generation;
import dev.relais.worker.ResidentBoots;
import dev.relais.worker.WorkerGroup;
import dev.relais.worker.WorkerGroups;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The processes of one pool, as one version of {@code functions.yaml} describes them: a group of one worker, whose generations are those of
 * the code. Processes with other settings are another group, which takes over in the ranking of the pool. Started, and told what becomes of
 * it, by the thread that switches; any thread may ask.
 */
final class PoolWorkers implements WorkerListener {
    private final PoolSettings settings;
    private final WorkerGroup group;
    private final @Nullable ResidentBoots boots;
    private final Pool pool;
    private final Sampler sampler;
    private final CountDownLatch first = new CountDownLatch(1);
    private boolean ranked; // guarded by this
    private volatile @Nullable WorkerGroup former; // which drains; null for none

    PoolWorkers(PoolSettings settings, WorkerGroup group, @Nullable ResidentBoots boots, Pool pool, Events events) {
        this.boots = boots;
        this.settings = settings;
        this.group = group;
        this.pool = pool;
        this.sampler = new Sampler(group, pool.ranking(), events, this::drainingElsewhere);
    }

    PoolSettings settings() {
        return settings;
    }

    /** Of the function that its children keep in memory; null for a usual pool. */
    @Nullable
    ResidentBoots boots() {
        return boots;
    }

    WorkerGroup group() {
        return group;
    }

    Pool pool() {
        return pool;
    }

    /** The generation that serves, or is to serve. */
    Generation generation() {
        return Objects.requireNonNull(group.serving());
    }

    private int drainingElsewhere() {
        WorkerGroup other = former;
        return other == null ? 0 : WorkerGroups.used(other);
    }

    /**
     * Starts the processes and returns at once.
     *
     * @param headLimit as in {@link WorkerGroup#start}
     */
    void start(List<EventLoop> loops, int headLimit, boolean showErrors, boolean checksFiles) {
        group.start(loops, pool.dispatch(), this, headLimit, showErrors, checksFiles);
    }

    /** Requests go to a generation of this group from now on. */
    synchronized void serve(Generation generation, @Nullable WorkerGroup before) {
        former = before;
        group.serve(generation);
        ranked = true;
        sampler.sample();
    }

    /** Another group ranks the workers of the pool from now on, or none. */
    synchronized void leaveRanking() {
        ranked = false;
    }

    /** Samples the workers, if they are ranked. */
    synchronized void sample() {
        if (ranked) {
            sampler.sample();
        }
    }

    /** Called on an event loop, which must not rank. */
    @Override
    public void onServing() {
        group.later(
                () -> {
                    sample();
                    first.countDown();
                },
                Duration.ZERO);
    }

    /** One worker is always ranked first. */
    @Override
    public void onSlow() {}

    /** Blocks until it serves. */
    boolean serves(Duration atMost) throws InterruptedException {
        return first.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public String toString() {
        return "pool " + settings.name();
    }
}
