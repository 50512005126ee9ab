package dev.relais.functions;

import dev.relais.ConfigurationProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What keeps the functions directory from being loaded when the gateway starts. */
final class FunctionsDirectory {
    private static final String KEY = "relais.functions.directory";

    private FunctionsDirectory() {}

    /** @throws ConfigurationProblem when it is no directory */
    static void check(Path directory) {
        if (!Files.exists(directory)) {
            throw new ConfigurationProblem(
                    KEY,
                    directory,
                    "no such directory",
                    "create it or set the key to the directory with the functions");
        }
        if (!Files.isDirectory(directory)) {
            throw new ConfigurationProblem(
                    KEY, directory, "not a directory", "set the key to the directory with the functions");
        }
    }

    static ConfigurationProblem unreadable(Path directory, IOException e) {
        return new ConfigurationProblem(
                KEY,
                directory,
                "cannot be read: " + FunctionNames.reason(e),
                "let this user read it, and mend what is named here");
    }
}
