package dev.relais.lifecycle;

import dev.relais.LimitedLog;
import dev.relais.balancer.Sampler;
import dev.relais.balancer.SamplerConfig;
import dev.relais.dispatch.Pools;
import dev.relais.slow.SlowRuns;
import dev.relais.telemetry.Activities;
import dev.relais.telemetry.Loads;
import jakarta.inject.Singleton;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Does once in each interval of the sampler what has to be done again and again, on the thread {@code relais-ticks}: the workers are
 * sampled, the load is measured, what invocations have counted is summed up, the adaptive limit follows, the container's size is looked at, slow
 * runs are told of, and the log says how many lines it has left out, even when no further line comes.
 */
@Singleton
final class Ticks {
    private static final Logger LOG = Logger.getLogger(Ticks.class);

    private final Sampler sampler;
    private final Pools pools;
    private final PoolKeeper keeper;
    private final Loads loads;
    private final Activities activities;
    private final ContainerWatch container;
    private final SlowRuns slow;
    private final long intervalMillis;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "relais-ticks");
        made.setDaemon(true);
        return made;
    });

    Ticks(
            Sampler sampler,
            Pools pools,
            PoolKeeper keeper,
            Loads loads,
            Activities activities,
            ContainerWatch container,
            SlowRuns slow,
            SamplerConfig config) {
        SamplerConfig.check(config);
        this.sampler = sampler;
        this.pools = pools;
        this.keeper = keeper;
        this.loads = loads;
        this.activities = activities;
        this.container = container;
        this.slow = slow;
        this.intervalMillis = config.interval().toMillis();
    }

    /** Begins. Called once all else has started, since a tick uses most of it. */
    void start() {
        thread.scheduleWithFixedDelay(this::tick, intervalMillis, intervalMillis, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        try {
            sampler.sample();
            keeper.sample();
            loads.measure();
            activities.tick();
            pools.adapt();
            container.tick();
            slow.tick();
            LimitedLog.reportOmitted();
        } catch (RuntimeException e) {
            LOG.error("A tick has failed", e); // an exception would end the ticks
        }
    }

    /** Ends the ticks, and says how many lines the log has left out. */
    void stop() {
        thread.shutdown();
        LimitedLog.reportLast();
    }
}
