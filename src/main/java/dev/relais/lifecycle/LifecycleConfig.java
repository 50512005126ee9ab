package dev.relais.lifecycle;

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
}
