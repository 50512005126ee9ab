package dev.relais.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many files and sockets this process may have open: {@code ulimit -n}, which the JVM has raised to the hard limit. */
public final class OpenFiles {
    private static final String LINE = "Max open files";

    private OpenFiles() {}

    /** The limit; {@link Long#MAX_VALUE} when there is none, or it cannot be read. */
    public static long limit() {
        return limit(Path.of("/proc/self/limits"));
    }

    /** @param limits a file in the form of proc(5): name, soft limit, hard limit, unit */
    static long limit(Path limits) {
        try (BufferedReader file = Files.newBufferedReader(limits)) {
            for (String line; (line = file.readLine()) != null; ) {
                if (line.startsWith(LINE)) {
                    return Long.parseLong(line.substring(LINE.length()).strip().split("\\s+")[0]);
                }
            }
        } catch (IOException | NumberFormatException e) {
            return Long.MAX_VALUE; // "unlimited", or no Linux
        }
        return Long.MAX_VALUE;
    }
}
