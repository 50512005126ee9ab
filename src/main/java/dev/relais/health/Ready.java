package dev.relais.health;

import dev.relais.Phase;
import dev.relais.balancer.Balancer;
import dev.relais.functions.Functions;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready: the functions are loaded (there may be none yet), at least one worker serves, and the gateway is not stopping. */
@Readiness
public class Ready implements HealthCheck {
    private final Functions functions;
    private final Balancer balancer;
    private final Phase phase;

    Ready(Functions functions, Balancer balancer, Phase phase) {
        this.functions = functions;
        this.balancer = balancer;
        this.phase = phase;
    }

    @Override
    public HealthCheckResponse call() {
        boolean loaded = functions.status().changed() != null;
        boolean serving = balancer.isServing();
        boolean draining = phase.isDraining();
        return HealthCheckResponse.named("relais serving")
                .status(loaded && serving && !draining)
                .withData("functions", functions.current().size())
                .withData("serving", serving)
                .withData("draining", draining)
                .build();
    }
}
