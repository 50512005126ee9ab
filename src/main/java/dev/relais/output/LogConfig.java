package dev.relais.output;

import dev.relais.Ranges;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The gateway's own log, which has PHP's messages, too. */
@ConfigMapping(prefix = "relais.log")
public interface LogConfig {
    String PREFIX = "relais.log.";

    /** How much of what is not written yet is kept in memory; beyond that lines are dropped. */
    @WithDefault("8M")
    MemorySize buffer();

    /** @throws dev.relais.ConfigurationProblem naming the first key that is out of its range */
    static void check(LogConfig config) {
        Ranges.size(PREFIX + "buffer", config.buffer(), 64 << 10, 1 << 30);
    }
}
