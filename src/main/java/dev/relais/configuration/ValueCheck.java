package dev.relais.configuration;

import dev.relais.ConfigurationProblem;
import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import jakarta.annotation.Priority;
import org.jspecify.annotations.Nullable;

/**
 * Checks the form of each value of a known key whenever it is looked up, before anybody converts it: what a converter says of it names neither
 * key nor remedy, a mistyped boolean would be false, and a port of 70000 would be met by Netty. Throws a {@link ConfigurationProblem}.
 */
@Priority(ValueCheck.OUTERMOST)
final class ValueCheck implements ConfigSourceInterceptor {
    /** Expressions are expanded and profiles are chosen before. */
    static final int OUTERMOST = 10_000;

    private static final long serialVersionUID = 1;

    private final transient KnownKeys keys;

    ValueCheck(KnownKeys keys) {
        this.keys = keys;
    }

    @Override
    public @Nullable ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        ConfigValue value = context.proceed(name);
        KnownKeys.Key key = value == null || value.getValue() == null ? null : keys.get(name);
        if (key != null) {
            key.check(value.getValue());
        }
        return value;
    }
}
