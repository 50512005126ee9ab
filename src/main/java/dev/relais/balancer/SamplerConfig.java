package dev.relais.balancer;

import dev.relais.ConfigurationProblem;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The sampling of the workers. */
@ConfigMapping(prefix = "relais.sampler")
public interface SamplerConfig {
    /** How often every worker is sampled and the ranking swapped; whole seconds. */
    @WithDefault("1s")
    Duration interval();

    /** @throws ConfigurationProblem when the scheduler cannot keep the interval */
    static void check(SamplerConfig config) {
        Duration interval = config.interval();
        if (interval.toSeconds() < 1 || interval.toNanosPart() != 0 || interval.toHours() > 1) {
            throw new ConfigurationProblem(
                    "relais.sampler.interval", interval, "is no whole number of seconds up to an hour", "set it to 1s");
        }
    }
}
