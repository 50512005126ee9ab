package dev.relais.health;

import dev.relais.Phase;
import dev.relais.balancer.Balancer;
import dev.relais.functions.Functions;
import dev.relais.slot.Worker;
import dev.relais.worker.WorkerGroup;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready when the functions are loaded (there may be none yet), at least one worker serves, and the gateway has warmed up and is not
 * stopping.
 */
@Readiness
public class Ready implements HealthCheck {
    private final Functions functions;
    private final Balancer balancer;
    private final Phase phase;
    private final WorkerGroup group;

    Ready(Functions functions, Balancer balancer, Phase phase, WorkerGroup group) {
        this.functions = functions;
        this.balancer = balancer;
        this.phase = phase;
        this.group = group;
    }

    @Override
    public HealthCheckResponse call() {
        boolean loaded = functions.status().changed() != null;
        boolean serving = balancer.isServing();
        boolean draining = phase.isDraining();
        boolean warmingUp = phase.isWarmingUp();
        long children = 0;
        long lost = 0;
        for (Worker worker : group.workers()) {
            children += worker.size();
            lost += group.lost(worker);
        }
        HealthCheckResponseBuilder answer = HealthCheckResponse.named("relais serving")
                .status(loaded && serving && !warmingUp && !draining)
                .withData("functions", functions.current().size())
                .withData("serving", serving)
                .withData("warmingUp", warmingUp)
                .withData("draining", draining)
                .withData("children", children)
                .withData("childrenLost", lost);
        String fault = group.phpFault();
        return fault == null
                ? answer.build()
                : answer.withData("phpFault", fault).build();
    }
}
