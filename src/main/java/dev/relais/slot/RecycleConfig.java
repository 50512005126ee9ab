package dev.relais.slot;

import dev.relais.ConfigurationProblem;
import dev.relais.Ranges;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** When PHP children are replaced though they work: for scripts that leak. Read once at start; {@link #check} first. */
@ConfigMapping(prefix = "relais.recycle")
public interface RecycleConfig {
    /** After how many requests a child is replaced, at least 1; empty: never. */
    OptionalLong requests();

    /** At what age a child is replaced, at least 1s; empty: never. */
    Optional<Duration> age();

    /** From how much private memory on an idle child is replaced, such as 128M; empty: never. */
    Optional<MemorySize> memory();

    /** From how much growth of an idle child since it was first looked at on it is replaced, which is a setting of each resident function; empty: never. */
    default Optional<MemorySize> growth() {
        return Optional.empty();
    }

    /** How much of all children may be away for that at a time, above 0 up to 0.5; one child always may. */
    @WithDefault("0.1")
    double share();

    /** @throws ConfigurationProblem naming the first key that is out of its range */
    static void check(RecycleConfig config) {
        config.requests().ifPresent(requests -> Ranges.number("relais.recycle.requests", requests, 1, Long.MAX_VALUE));
        config.age()
                .ifPresent(age -> Ranges.time("relais.recycle.age", age, Duration.ofSeconds(1), Duration.ofDays(366)));
        BigInteger least = BigInteger.valueOf(1 << 20);
        BigInteger memory = config.memory().map(MemorySize::asBigInteger).orElse(least);
        if (memory.compareTo(least) < 0 || memory.bitLength() >= Long.SIZE) {
            throw problem(
                    "memory",
                    memory,
                    "set at least 1M, and more than an idle child has (/q/relais shows it), or it is replaced all the"
                            + " time");
        }
        if (!(config.share() > 0 && config.share() <= 0.5)) {
            throw problem("share", config.share(), "set it above 0 up to 0.5");
        }
    }

    private static ConfigurationProblem problem(String key, Object value, String remedy) {
        return new ConfigurationProblem("relais.recycle." + key, value, "is out of range", remedy);
    }
}
