package dev.relais.health;

import dev.relais.worker.WorkerGroup;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Not live: no PHP child has served for three times {@code relais.workers.start-timeout}, although the masters were restarted, so that
 * only another gateway can help, or somebody who sees this one restart again and again. Busy children are no reason, nor is one worker.
 */
@Liveness
public class WorkersLive implements HealthCheck {
    private final WorkerGroup group;

    WorkersLive(WorkerGroup group) {
        this.group = group;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("relais workers")
                .status(!group.isBroken())
                .build();
    }
}
