package dev.relais.body;

import dev.relais.http.GatewayConfig;
import dev.relais.telemetry.Meters;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** A spool without threads: a blocking step is done, or fails, when the test says so. */
final class ManualSpool extends Spool {
    private record Step(Callable<Void> task, Consumer<Throwable> then) {}

    private final ArrayDeque<Step> steps = new ArrayDeque<>();

    ManualSpool(GatewayConfig config, Vertx vertx) {
        super(config, vertx, Meters.ofSpool());
    }

    @Override
    public void work(Callable<Void> task, EventLoop loop, Consumer<Throwable> then) {
        steps.add(new Step(task, then));
    }

    /** The number of steps that wait. */
    int steps() {
        return steps.size();
    }

    /**
     * Does the next step.
     *
     * @return the failure, or null
     */
    Throwable step() {
        Step step = steps.remove();
        Throwable failure = null;
        try {
            step.task().call();
        } catch (Exception e) {
            failure = e;
        }
        step.then().accept(failure);
        return failure;
    }

    /** The next step fails without having done anything. */
    void fail(Throwable failure) {
        steps.remove().then().accept(failure);
    }
}
