package dev.relais.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Starts a program in its own session, and so in its own process group, so that the terminal's Ctrl-C for the gateway does not
 * reach it.
 */
public final class Session {
    private static final List<Path> PROGRAMS = List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

    private Session() {}

    /** The words to put before a command: setsid(1) where it exists, otherwise none. It does not fork, so the process id stays. */
    public static List<String> prefix() {
        for (Path program : PROGRAMS) {
            if (Files.isExecutable(program)) {
                return List.of(program.toString());
            }
        }
        return List.of();
    }
}
