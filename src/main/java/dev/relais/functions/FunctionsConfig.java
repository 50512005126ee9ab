package dev.relais.functions;

import dev.relais.ConfigurationProblem;
import dev.relais.Ranges;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where the functions are, and what holds for each of them unless {@code functions.yaml} says otherwise. */
@ConfigMapping(prefix = "relais.functions")
public interface FunctionsConfig {
    /** The directory with the PHP functions; a relative path starts at the working directory, and it may be a symlink. */
    @WithDefault("functions")
    Path directory();

    /** How long an invocation may run before its PHP child is ended and the client gets 504; at least 1ms. */
    @WithDefault("60s")
    Duration timeout();

    /** How changed code comes into force: files (each file by itself) or generations (new workers take over with all of it). */
    @WithDefault("files")
    Reload reload();

    /** With generations: how long nothing in the directory may change before new workers start on it; 0ms to 1m. */
    @WithDefault("500ms")
    Duration quiet();

    /**
     * With generations: names, or paths from the directory on, of files and folders (with or without a / at the end) whose changes mean
     * no new generation.
     */
    @WithDefault(".git")
    Set<String> ignore();

    /**
     * How often the directory is looked at for changes; 10ms to 1m. Where a look takes long, which thousands of folders make it, the
     * pauses are up to 2s, so that looking takes about a twentieth of a core, and never more than half of one.
     */
    @WithDefault("250ms")
    Duration scanInterval();

    /** Directories outside the functions directory that symlinks inside it may lead to; none by default. */
    Optional<List<Path>> allowSymlinksTo();

    /** The most functions Relais serves; a directory with more is a problem, and the last good functions stay. */
    @WithDefault("10000")
    int maxCount();

    /**
     * Checks what the types cannot express.
     *
     * @throws ConfigurationProblem naming the first key that is out of its range
     */
    static void check(FunctionsConfig config) {
        Ranges.time("relais.functions.timeout", config.timeout(), Duration.ofMillis(1), Duration.ofDays(365));
        Ranges.time("relais.functions.quiet", config.quiet(), Duration.ZERO, Duration.ofMinutes(1));
        Ranges.time(
                "relais.functions.scan-interval", config.scanInterval(), Duration.ofMillis(10), Duration.ofMinutes(1));
        Ranges.number("relais.functions.max-count", config.maxCount(), 1, Integer.MAX_VALUE);
    }
}
