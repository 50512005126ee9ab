package dev.relais.health;

import dev.relais.worker.WorkerGroup;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Live when every event loop and the supervisor thread still run tasks. It never asks a PHP child: busy children are no reason to restart
 * the gateway. Runs on a worker thread and waits two seconds at most.
 */
@Liveness
public class Live implements HealthCheck {
    private static final long DEADLINE_MILLIS = 2_000;

    private final Vertx vertx;
    private final WorkerGroup group;

    Live(Vertx vertx, WorkerGroup group) {
        this.vertx = vertx;
        this.group = group;
    }

    @Override
    public HealthCheckResponse call() {
        List<CompletableFuture<Void>> signs = new ArrayList<>();
        CompletableFuture<Void> sign = new CompletableFuture<>();
        if (group.later(() -> sign.complete(null), Duration.ZERO)) {
            signs.add(sign);
        }
        for (EventExecutor loop : vertx.nettyEventLoopGroup()) {
            signs.add(CompletableFuture.runAsync(() -> {}, loop));
        }
        try {
            CompletableFuture.allOf(signs.toArray(CompletableFuture[]::new))
                    .get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
            return HealthCheckResponse.up("relais threads");
        } catch (TimeoutException | ExecutionException e) {
            return HealthCheckResponse.down("relais threads");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return HealthCheckResponse.down("relais threads");
        }
    }
}
