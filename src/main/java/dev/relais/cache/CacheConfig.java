package dev.relais.cache;

import dev.relais.Ranges;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The result cache: answers of functions that are given again without PHP, where PHP or functions.yaml asks for it. */
@ConfigMapping(prefix = "relais.cache")
public interface CacheConfig {
    /** One buffer has to hold a body. */
    long MOST_OBJECT = 512 << 20;

    /** A key, a head and what holds them take about a kibibyte each. */
    long LEAST_SIZE = 64 << 10;

    /** Below this a file takes more than what it saves. */
    long LEAST_FILE = 64 << 10;

    long MOST_SIZE = 1L << 40;

    /** Whether answers are kept at all. */
    @WithDefault("true")
    boolean enabled();

    /** What the kept answers of all functions may take in memory, heads included. Empty: an eighth of the heap's most. */
    Optional<MemorySize> size();

    /** What the answers of one function may take of it, in percent. */
    @WithDefault("50")
    int share();

    /** The largest body that is kept. */
    @WithDefault("2M")
    MemorySize maxObjectSize();

    /** From this size on bodies are moved into files of the spool; they count in relais.cache.size and relais.http.spool-capacity. */
    @WithDefault("1M")
    MemorySize fileThreshold();

    /**
     * Response fields that are obeyed before Cache-Control, the first one first, as CDN-Cache-Control (RFC 9213). Relais-Cache-Control
     * always comes before them.
     */
    Optional<List<String>> targets();

    /** Whether an answer that only has Last-Modified is fresh for a tenth of the time since then (RFC 9111 section 4.2.2). */
    @WithDefault("false")
    boolean heuristic();

    /** How long an answer may have been stale that is given because no child is to be had. 0s: never. */
    @WithDefault("60s")
    Duration staleWhenSaturated();

    /** Whether answers name in Cache-Status how the cache came to them (RFC 9211). */
    @WithDefault("true")
    boolean status();

    /** @throws dev.relais.ConfigurationProblem when a value is out of its range */
    static void check(CacheConfig config) {
        config.size().ifPresent(size -> Ranges.size("relais.cache.size", size, LEAST_SIZE, MOST_SIZE));
        Ranges.number("relais.cache.share", config.share(), 1, 100);
        Ranges.size("relais.cache.max-object-size", config.maxObjectSize(), 0, MOST_OBJECT);
        Ranges.size("relais.cache.file-threshold", config.fileThreshold(), LEAST_FILE, MOST_SIZE);
        Ranges.time(
                "relais.cache.stale-when-saturated", config.staleWhenSaturated(), Duration.ZERO, Duration.ofDays(365));
    }
}
