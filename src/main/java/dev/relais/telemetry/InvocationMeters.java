package dev.relais.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Counts what happens once for each invocation. Any thread. */
@Singleton
public class InvocationMeters implements InvocationObserver {
    /** The label of requests that reached no function; no function can have this name. */
    private static final String NONE = "(none)";

    private final MeterRegistry registry;
    private final FunctionMeters none;
    private final Timer wait;
    private final Counter faults;

    @Inject
    InvocationMeters(MeterRegistry registry) {
        this.registry = registry;
        this.none = new FunctionMeters(registry, NONE);
        this.faults = Counter.builder("relais.faults")
                .description("Invocations that an unexpected exception inside Relais has ended")
                .register(registry);
        this.wait = Timer.builder("relais.queue.wait")
                .description("Time that served invocations waited for a free PHP child")
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(10),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10))
                .register(registry);
    }

    public FunctionMeters of(String function) {
        return new FunctionMeters(registry, function);
    }

    @Override
    public void ended(Timeline timeline) {
        FunctionMeters function = timeline.function();
        (function == null ? none : function).finished(timeline.status(), timeline.endNanos());
    }

    /** Counts a callback of an invocation that has thrown. */
    public void faulted() {
        faults.increment();
    }

    /** Records that a waiting invocation got its child after this many nanoseconds. */
    public void waited(long nanos) {
        wait.record(nanos, TimeUnit.NANOSECONDS);
    }
}
