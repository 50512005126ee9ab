package dev.relais.functions;

import dev.relais.ConfigurationProblem;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What functions and sites need of PHP and its user. Called by the thread that loads; may block. */
@FunctionalInterface
public interface PhpAccess {
    /** Whether the user that PHP runs as can read a folder. */
    boolean reads(Path folder);

    /** The same of the user that PHP runs as in a pool. */
    default boolean reads(PoolSettings pool, Path folder) {
        return reads(folder);
    }

    /** Why no processes can be started for a pool here, with the key in {@code functions.yaml}; null when they can. */
    default @Nullable ConfigurationProblem problem(PoolSettings pool) {
        return null;
    }
}
