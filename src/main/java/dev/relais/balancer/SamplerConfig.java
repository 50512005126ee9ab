package dev.relais.balancer;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The sampling of the workers. */
@ConfigMapping(prefix = "relais.sampler")
public interface SamplerConfig {
    /** How often every worker is sampled and the ranking swapped; whole seconds. */
    @WithDefault("1s")
    Duration interval();
}
