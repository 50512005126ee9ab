package dev.relais.telemetry;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;

/** Makes meters for tests of single classes that do not read them. */
public final class Meters {
    private Meters() {}

    public static MemoryMeters ofMemory() {
        return new MemoryMeters(new SimpleMeterRegistry());
    }

    public static ConnectionMeters ofConnections() {
        return new ConnectionMeters(new SimpleMeterRegistry());
    }

    public static SpoolMeters ofSpool() {
        return new SpoolMeters(new SimpleMeterRegistry());
    }

    public static AnswerMeters ofAnswers() {
        return new AnswerMeters(new SimpleMeterRegistry());
    }

    public static AccessLogMeters ofAccessLog() {
        return ofAccessLog(new SimpleMeterRegistry());
    }

    public static AccessLogMeters ofAccessLog(SimpleMeterRegistry registry) {
        return new AccessLogMeters(registry);
    }

    public static TracingMeters ofTracing(SimpleMeterRegistry registry) {
        return new TracingMeters(registry);
    }

    public static InvocationObservers observers(InvocationObserver... all) {
        return new InvocationObservers(List.of(all));
    }

    public static InvocationMeters ofInvocations() {
        return new InvocationMeters(new SimpleMeterRegistry());
    }
}
