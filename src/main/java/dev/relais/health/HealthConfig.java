package dev.relais.health;

import dev.relais.ConfigurationProblem;
import dev.relais.Ranges;
import io.smallrye.config.ConfigMapping;
import java.time.Duration;
import java.util.Optional;

/** What the probes say. Read once at start. Call {@link #check} before. */
@ConfigMapping(prefix = "relais.health")
public interface HealthConfig {
    /**
     * How long every child may be busy while invocations wait, before readiness goes DOWN for some seconds, so that a load balancer sends
     * to other gateways. Empty: it never does for that.
     */
    Optional<Duration> saturatedFor();

    /** @throws ConfigurationProblem naming the key that is out of its range */
    static void check(HealthConfig config) {
        config.saturatedFor()
                .ifPresent(time ->
                        Ranges.time("relais.health.saturated-for", time, Duration.ofSeconds(1), Duration.ofHours(1)));
    }
}
