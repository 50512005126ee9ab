package dev.relais.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A session, and so a process group, of its own for what must not get the terminal's Ctrl-C together with the gateway. */
public final class Session {
    private static final List<Path> PROGRAMS = List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

    private Session() {}

    /** The words to put before a command: setsid(1) where there is one, else nothing. It keeps the process number: no fork. */
    public static List<String> prefix() {
        for (Path program : PROGRAMS) {
            if (Files.isExecutable(program)) {
                return List.of(program.toString());
            }
        }
        return List.of();
    }
}
