package dev.relais.lifecycle;

import dev.relais.ConfigurationProblem;
import dev.relais.Ranges;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the gateway stops. */
@ConfigMapping(prefix = "relais.shutdown")
public interface LifecycleConfig {
    /** How long to go on as usual after readiness went DOWN, so that load balancers notice before connections are refused. */
    @WithDefault("0s")
    Duration delay();

    /** How long accepted requests may take to finish after that; what still runs then is broken off. */
    @WithDefault("30s")
    Duration timeout();

    /** @throws ConfigurationProblem naming the first key that is out of its range */
    static void check(LifecycleConfig config) {
        Ranges.time("relais.shutdown.delay", config.delay(), Duration.ZERO, Ranges.DAY);
        Ranges.time("relais.shutdown.timeout", config.timeout(), Duration.ZERO, Ranges.DAY);
    }
}
