package dev.relais.functions;

import dev.relais.ConfigurationProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The functions directory at the start, where what is wrong with it ends the program. */
record FirstLoad(FunctionSource source, FunctionSource.Loaded loaded) {
    static final String DIRECTORY = "relais.functions.directory";
    private static final int TRIES = 3;

    /**
     * Loads, with a few tries, since the directory may change meanwhile, such as when a release is being switched. Blocks.
     *
     * @param copyTo where to keep a mirror of the directory; null for none
     * @param reservable how many children functions may reserve in all
     * @param phpReads whether PHP's user can read a folder
     * @throws ConfigurationProblem when there is no such directory, or it cannot be read
     */
    static FirstLoad of(
            FunctionsConfig config, @Nullable Path copyTo, int reservable, Predicate<Path> phpReads, Clock clock) {
        Path directory = config.directory().toAbsolutePath();
        check(directory);
        for (int attempt = 1; ; attempt++) {
            try {
                FunctionSource source = new FunctionSource(config, copyTo, reservable, phpReads, clock);
                return new FirstLoad(source, source.load());
            } catch (IOException e) {
                if (attempt == TRIES) {
                    throw new ConfigurationProblem(
                            DIRECTORY,
                            directory,
                            "cannot be read: " + FunctionNames.reason(e),
                            "let this user read it, and mend what is named here");
                }
            }
        }
    }

    private static void check(Path directory) {
        if (!Files.exists(directory)) {
            throw new ConfigurationProblem(
                    DIRECTORY,
                    directory,
                    "no such directory",
                    "create it or set the key to the directory with the functions");
        }
        if (!Files.isDirectory(directory)) {
            throw new ConfigurationProblem(
                    DIRECTORY, directory, "not a directory", "set the key to the directory with the functions");
        }
    }
}
