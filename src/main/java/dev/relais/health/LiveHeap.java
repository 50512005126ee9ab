package dev.relais.health;

import dev.relais.system.HeapWatch;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Live when the heap has free memory. A gateway whose heap stays full answers some requests and fails others, which a restart
 * mends.
 */
@Liveness
@Singleton
public class LiveHeap implements HealthCheck {
    private final HeapWatch heap = HeapWatch.ofThisProcess();

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("relais heap")
                .status(!heap.isExhausted())
                .build();
    }
}
