package dev.relais.slow;

import dev.relais.ConfigurationProblem;
import dev.relais.Ranges;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When a run of a function is slow enough to be told of. */
@ConfigMapping(prefix = "relais.slow")
public interface SlowConfig {
    /** A run that takes longer is told of, each function once a minute; 0: none is. It is seen at a tick of the sampler. */
    @WithDefault("0s")
    Duration threshold();

    /** @throws ConfigurationProblem naming the first key that is out of its range */
    static void check(SlowConfig config) {
        Ranges.time("relais.slow.threshold", config.threshold(), Duration.ZERO, Ranges.DAY);
    }
}
