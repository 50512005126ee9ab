package dev.relais.configuration;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;

/** Adds the {@link ValueCheck} to each configuration that Quarkus makes. */
public final class ValueChecks implements SmallRyeConfigBuilderCustomizer {
    @Override
    public void configBuilder(SmallRyeConfigBuilder builder) {
        builder.withInterceptors(new ValueCheck(KnownKeys.read()));
    }
}
