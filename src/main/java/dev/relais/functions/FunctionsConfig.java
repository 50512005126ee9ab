package dev.relais.functions;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where the functions are, and what holds for each of them unless {@code functions.yaml} says otherwise. */
@ConfigMapping(prefix = "relais.functions")
public interface FunctionsConfig {
    /** The directory with the PHP functions; a relative path starts at the working directory, and it may be a symlink. */
    @WithDefault("functions")
    Path directory();

    /** How long an invocation may run before its PHP child is ended and the client gets 504; at least 1ms. */
    @WithDefault("60s")
    Duration timeout();

    /** How often the directory is looked at for changes; 10ms to 1m. */
    @WithDefault("250ms")
    Duration scanInterval();

    /** Directories outside the functions directory that symlinks inside it may lead to; none by default. */
    Optional<List<Path>> allowSymlinksTo();

    /** The most functions Relais serves; a directory with more is a problem, and the last good functions stay. */
    @WithDefault("10000")
    int maxCount();
}
