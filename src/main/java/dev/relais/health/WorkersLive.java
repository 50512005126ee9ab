package dev.relais.health;

import dev.relais.worker.WorkerGroup;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Not live when no PHP child has served for three times {@code relais.workers.start-timeout} although the masters were
 * restarted. Then only a new gateway can help, or an operator who sees it restart repeatedly. It is no reason that all children
 * are busy, or that only one worker does not serve.
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
