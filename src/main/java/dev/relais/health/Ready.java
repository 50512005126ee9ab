package dev.relais.health;

import dev.relais.LogText;
import dev.relais.Phase;
import dev.relais.balancer.Balancer;
import dev.relais.functions.Functions;
import dev.relais.slot.Worker;
import dev.relais.telemetry.Loads;
import dev.relais.telemetry.PoolViews;
import dev.relais.worker.WorkerGroup;
import dev.relais.worker.WorkerGroups;
import io.quarkus.runtime.Application;
import io.quarkus.runtime.Startup;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * Ready when all ports are open, the functions are loaded (there may be none yet), at least one worker serves, each resident function
 * has booted once, and the gateway has warmed up, is not stopping, and is not {@linkplain Saturation away} because it is saturated. The management port, which is asked, opens
 * before the others.
 */
@Readiness
@Singleton
@Startup(Ready.FIRST)
public class Ready implements HealthCheck {
    /** Before the gateway starts, so that a wrong key stops it. */
    static final int FIRST = 100;

    private final Functions functions;
    private final Balancer balancer;
    private final Phase phase;
    private final WorkerGroups groups;
    private final Loads loads;
    private final PoolViews pools;
    private final LongSupplier nanos;
    private final @Nullable Saturation saturation; // null: no reason to be away

    @Inject
    Ready(
            Functions functions,
            Balancer balancer,
            Phase phase,
            WorkerGroups groups,
            PoolViews pools,
            Loads loads,
            HealthConfig config) {
        this(functions, balancer, phase, groups, pools, loads, config, new SecureRandom(), System::nanoTime);
    }

    /** @param nanos as {@link System#nanoTime} */
    private Ready(
            Functions functions,
            Balancer balancer,
            Phase phase,
            WorkerGroups groups,
            PoolViews pools,
            Loads loads,
            HealthConfig config,
            RandomGenerator random,
            LongSupplier nanos) {
        HealthConfig.check(config);
        this.loads = loads;
        this.pools = pools;
        this.nanos = nanos;
        this.saturation = config.saturatedFor()
                .map(time -> new Saturation(time.toNanos(), random))
                .orElse(null);
        this.functions = functions;
        this.balancer = balancer;
        this.phase = phase;
        this.groups = groups;
    }

    @Override
    public HealthCheckResponse call() {
        boolean open = isOpen();
        boolean loaded = functions.status().changed() != null;
        boolean serving = balancer.isServing();
        List<String> notBooted = pools.notBooted();
        boolean draining = phase.isDraining();
        boolean warmingUp = phase.isWarmingUp();
        long nowNanos = nanos.getAsLong();
        boolean away = saturation != null && saturation.isAway(loads.saturatedNanos(nowNanos), nowNanos);
        long children = 0;
        long lost = 0;
        for (WorkerGroup each : groups.all()) {
            for (Worker worker : each.workers()) {
                children += worker.size();
                lost += each.lost(worker);
            }
        }
        HealthCheckResponseBuilder answer = HealthCheckResponse.named("relais serving")
                .status(open && loaded && serving && notBooted.isEmpty() && !warmingUp && !draining && !away)
                .withData("open", open)
                .withData("functions", functions.current().size())
                .withData("serving", serving)
                .withData("warmingUp", warmingUp)
                .withData("draining", draining)
                .withData("saturated", away)
                .withData("children", children)
                .withData("childrenLost", lost);
        if (!notBooted.isEmpty()) {
            answer.withData("notBooted", LogText.escape(String.join(", ", notBooted), LogText.LONGEST));
        }
        String fault = groups.main().phpFault();
        return fault == null
                ? answer.build()
                : answer.withData("phpFault", fault).build();
    }

    /** Quarkus has started when all its servers listen. */
    private static boolean isOpen() {
        Application application = Application.currentApplication();
        return application != null && application.isStarted();
    }
}
