package dev.relais.warmup;

import dev.relais.ConfigurationProblem;
import dev.relais.Ranges;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the gateway starts. */
@ConfigMapping(prefix = "relais.start")
public interface StartConfig {
    /**
     * For how long at most the gateway warms up before it says that it is ready, by requests to itself that run no function; requests that
     * come meanwhile are served. 0s: not at all.
     */
    @WithDefault("3s")
    Duration warmUp();

    /** @throws ConfigurationProblem naming the first key that is out of its range */
    static void check(StartConfig config) {
        Ranges.time("relais.start.warm-up", config.warmUp(), Duration.ZERO, Duration.ofMinutes(1));
    }
}
