package dev.relais.balancer;

import dev.relais.ConfigurationProblem;
import dev.relais.Ranges;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The sampling of the workers. */
@ConfigMapping(prefix = "relais.sampler")
public interface SamplerConfig {
    /** How often every worker is sampled and the ranking swapped; whole seconds. */
    @WithDefault("1s")
    Duration interval();

    /** @throws ConfigurationProblem when the interval is out of its range or no whole number of seconds */
    static void check(SamplerConfig config) {
        Duration interval = config.interval();
        Ranges.time("relais.sampler.interval", interval, Duration.ofSeconds(1), Duration.ofHours(1));
        if (interval.toNanosPart() != 0) {
            throw new ConfigurationProblem(
                    "relais.sampler.interval", interval, "is no whole number of seconds", "set it to 1s");
        }
    }
}
