package dev.relais.system;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;
import java.util.Map;

/**
 * Defaults that depend on the machine, below every other source of configuration. One event loop for two cores: PHP needs the
 * rest, and on two cores one loop was faster than two (src/docs/facts.md, fact 25).
 */
public final class HostDefaults implements SmallRyeConfigBuilderCustomizer {
    static final int BELOW_ALL = Integer.MIN_VALUE + 1000;

    @Override
    public void configBuilder(SmallRyeConfigBuilder builder) {
        int loops = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        builder.withSources(new PropertiesConfigSource(
                Map.of("quarkus.vertx.event-loops-pool-size", Integer.toString(loops)),
                "relais host defaults",
                BELOW_ALL));
    }
}
