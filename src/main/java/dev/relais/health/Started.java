package dev.relais.health;

import dev.relais.balancer.Balancer;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Started when a ranking with a serving worker has been published once. It stays so whatever happens to the workers. */
@Startup
public class Started implements HealthCheck {
    private final Balancer balancer;
    private volatile boolean started;

    Started(Balancer balancer) {
        this.balancer = balancer;
    }

    @Override
    public HealthCheckResponse call() {
        started = started || balancer.isServing();
        return HealthCheckResponse.named("relais started").status(started).build();
    }
}
