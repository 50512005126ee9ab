package dev.relais.functions;

import dev.relais.ConfigurationProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What pools need of the host. Confined as {@link FunctionSource}. */
final class PoolNeeds {
    private final String shown;
    private final PhpAccess php;

    /**
     * @param shown the path of {@code functions.yaml} as messages name it
     * @param php what PHP and its users can do
     */
    PoolNeeds(String shown, PhpAccess php) {
        this.shown = shown;
        this.php = php;
    }

    /**
     * The first pool for which no processes can be started, or whose user cannot read its functions; null when there is none. Blocks.
     *
     * @param directory that has the functions
     */
    @Nullable
    ConfigurationProblem unmet(Settings settings, Path directory) {
        for (PoolSettings pool : settings.pools().values()) {
            ConfigurationProblem problem = php.problem(pool);
            if (problem != null) {
                return problem;
            }
        }
        for (FunctionSettings function : settings.named().values()) {
            PoolSettings pool = function.pool();
            if (pool != null && !php.reads(pool, directory)) {
                return new ConfigurationProblem(
                        shown + ": " + pool.key("user"),
                        pool.user(),
                        "this user cannot read the functions in " + directory,
                        "open the folder to it and those above (chmod o+rx), or name another user");
            }
        }
        return null;
    }

    /** Records the files with settings of PHP, so that a change of one is a change. They have been read, or could not be, and are read again. */
    static void record(Settings settings, Traces traces) {
        for (PoolSettings pool : settings.pools().values()) {
            Path file = pool.iniFile();
            if (file != null) {
                if (!Files.isReadable(file)) {
                    traces.unreadable(file);
                }
                try {
                    traces.follow(file);
                    traces.stamp(file.toRealPath());
                } catch (IOException e) {
                    traces.follow(file); // it has gone since it was read
                }
            }
        }
    }
}
