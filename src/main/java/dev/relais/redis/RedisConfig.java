package dev.relais.redis;

import dev.relais.ConfigurationProblem;
import dev.relais.Ranges;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The second level of the result cache, in a Redis that several gateways share. Without a URL there is none. */
@ConfigMapping(prefix = "relais.cache.redis")
public interface RedisConfig {
    /** A large one keeps Redis, which does one thing at a time, from answering the others within the time of a look-up. */
    long MOST_OBJECT = 16 << 20;

    /**
     * Where Redis is: {@code redis://host:6379/0}, {@code rediss://...} with TLS, or {@code unix:///path/to/socket?db=0}; a user may stand
     * before the host. Empty: there is no second level.
     */
    Optional<String> url();

    /** The password for Redis, or for its user that the URL names. Empty: none. */
    Optional<String> password();

    /** A file with the certificates, as PEM, that may sign that of Redis. Empty: those that Java trusts. */
    Optional<Path> caFile();

    /** The first word of all keys in Redis. Only gateways that serve the same site with the same data may have the same one. */
    @WithDefault("relais")
    String prefix();

    /** How long a request waits for Redis before PHP is asked. */
    @WithDefault("5ms")
    Duration timeout();

    /** The largest body that is put into Redis. */
    @WithDefault("256K")
    MemorySize maxObjectSize();

    /** For how long a gateway without Redis gives answers that may have been purged through another gateway. */
    @WithDefault("30s")
    Duration purgeWithin();

    /** @throws ConfigurationProblem when a value is out of its range */
    static void check(RedisConfig config) {
        Ranges.time("relais.cache.redis.timeout", config.timeout(), Duration.ofMillis(1), Duration.ofSeconds(1));
        Ranges.size("relais.cache.redis.max-object-size", config.maxObjectSize(), 0, MOST_OBJECT);
        Ranges.time("relais.cache.redis.purge-within", config.purgeWithin(), Duration.ofSeconds(3), Ranges.DAY);
        if (!config.prefix().matches("[A-Za-z0-9._-]{1,64}")) {
            throw new ConfigurationProblem(
                    "relais.cache.redis.prefix",
                    config.prefix(),
                    "is no such word",
                    "set up to 64 letters, digits, dots, dashes and underscores");
        }
        config.url().ifPresent(RedisAddress::of);
        if (config.url().isPresent()
                && config.caFile().isPresent()
                && !Files.isReadable(config.caFile().get())) {
            throw new ConfigurationProblem(
                    "relais.cache.redis.ca-file",
                    config.caFile().get(),
                    "cannot be read",
                    "set a file with certificates as PEM, which the user of Relais can read");
        }
    }
}
