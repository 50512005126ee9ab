package dev.relais.lifecycle;

import dev.relais.ConfigurationProblem;
import dev.relais.Ranges;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How one generation of workers follows another. */
@ConfigMapping(prefix = "relais.generations")
public interface GenerationsConfig {
    /** How long a new generation may take to compile the scripts and to answer its warm-up calls; then the old one goes on. */
    @WithDefault("60s")
    Duration warmUpTimeout();

    /** How long scripts that run on the old generation may take to end once the new one serves; then they are ended. */
    @WithDefault("60s")
    Duration drainTimeout();

    /** @throws ConfigurationProblem naming the first key that is out of its range */
    static void check(GenerationsConfig config) {
        Ranges.time("relais.generations.warm-up-timeout", config.warmUpTimeout(), Duration.ofMillis(1), Ranges.DAY);
        Ranges.time("relais.generations.drain-timeout", config.drainTimeout(), Duration.ofMillis(1), Ranges.DAY);
    }
}
