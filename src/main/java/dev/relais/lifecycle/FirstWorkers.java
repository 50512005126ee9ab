package dev.relais.lifecycle;

import dev.relais.ConfigurationProblem;
import dev.relais.balancer.Balancer;
import dev.relais.balancer.Sampler;
import dev.relais.functions.FunctionsConfig;
import dev.relais.functions.SitePreview;
import dev.relais.gateway.Gateway;
import dev.relais.slot.SlotListener;
import dev.relais.slot.Worker;
import dev.relais.slot.WorkerListener;
import dev.relais.worker.WorkerGroup;
import dev.relais.worker.WorkersConfig;
import io.quarkus.runtime.LaunchMode;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Starts the workers and those of pools, has them ranked again when one has changed, and waits until the first one serves. */
@Singleton
final class FirstWorkers implements WorkerListener {
    private final WorkerGroup workers;
    private final WorkersConfig config;
    private final Gateway gateway;
    private final SlotListener slots;
    private final Balancer balancer;
    private final Sampler sampler;
    private final EarlySample early;
    private final PoolKeeper pools;
    private final FunctionsConfig functions;
    private final CountDownLatch serving = new CountDownLatch(1);

    FirstWorkers(
            WorkerGroup workers,
            WorkersConfig config,
            Gateway gateway,
            SlotListener slots,
            Balancer balancer,
            Sampler sampler,
            PoolKeeper pools,
            FunctionsConfig functions) {
        this.pools = pools;
        this.functions = functions;
        this.workers = workers;
        this.config = config;
        this.gateway = gateway;
        this.slots = slots;
        this.balancer = balancer;
        this.sampler = sampler;
        this.early = new EarlySample(config.count(), workers::later, sampler::sampleEarly);
    }

    /** Begins what {@link #start} has to wait for. */
    void anticipate() {
        workers.anticipate();
    }

    /**
     * Returns at once.
     *
     * @param checksFiles whether opcache looks at each file for changes
     */
    void start(boolean checksFiles) {
        workers.start(
                gateway.loops(),
                slots,
                this,
                (int) gateway.config().maxResponseHead().asLongValue(),
                LaunchMode.current() == LaunchMode.DEVELOPMENT,
                checksFiles);
        pools.start(SitePreview.pools(functions), SitePreview.of(functions), checksFiles);
    }

    /**
     * Called on an event loop, which must not rank. So the supervisor's thread ranks at once, instead of the sampler's at its
     * next tick.
     */
    @Override
    public void onServing() {
        workers.later(
                () -> {
                    sampler.sample();
                    serving.countDown();
                },
                Duration.ZERO);
    }

    @Override
    public void onSlow() {
        early.ask();
    }

    /**
     * Blocks until a worker serves, and one of each pool.
     *
     * @throws ConfigurationProblem when none serves in time
     */
    void await() {
        Duration deadline = config.startTimeout();
        try {
            if (!serving.await(deadline.toMillis(), TimeUnit.MILLISECONDS) || !balancer.isServing()) {
                throw new ConfigurationProblem(
                        "relais.workers.start-timeout",
                        deadline,
                        "no PHP worker has answered within it",
                        "read the lines of dev.relais.php above, or set a longer time");
            }
            pools.await(deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting", e);
        }
    }

    /** How many children functions may reserve in all. One child is left for functions without a reservation. */
    int reservable() {
        int children = 0;
        for (Worker worker : workers.workers()) {
            children += worker.size();
        }
        return children - 1;
    }
}
