package dev.relais.system;

import dev.relais.Digits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files by which the kernel tells of the host: {@code /proc} (proc(5)), {@code /sys}, and the control groups (cgroups(7)).
 * Reads block for a short time. A file that is missing or may not be read has no lines. Immutable, any thread.
 *
 * @param root the directory that stands for {@code /}
 */
record HostFiles(Path root) {
    private static final int USUAL_BYTES = 4096;
    private static final long MOST = Long.MAX_VALUE - 1;

    static final HostFiles REAL = new HostFiles(Path.of("/"));

    /** @param path an absolute path, such as {@code /proc/self/cgroup} */
    Path at(String path) {
        return root.resolve(path.substring(1));
    }

    List<String> lines(String path) {
        return lines(at(path));
    }

    /** The lines of a file; empty when it cannot be read. */
    static List<String> lines(Path file) {
        String text = text(file);
        return text == null ? List.of() : List.of(text.split("\n"));
    }

    private static @Nullable String text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            // Files of /proc/sys answer the first read only, so it has to be large enough for all of the file.
            byte[] bytes = new byte[USUAL_BYTES];
            int length = 0;
            for (int read; (read = in.read(bytes, length, bytes.length - length)) > 0; ) {
                length += read;
                bytes = length == bytes.length ? Arrays.copyOf(bytes, 2 * length) : bytes;
            }
            return new String(bytes, 0, length, StandardCharsets.UTF_8);
        } catch (IOException | InvalidPathException e) {
            return null;
        }
    }

    /** The first line without white space around it; null when there is none. */
    @Nullable
    String line(String path) {
        List<String> lines = lines(path);
        return lines.isEmpty() || lines.get(0).isBlank() ? null : lines.get(0).strip();
    }

    /** The number that is the first line; -1 when there is none, or no number but, for example, {@code max}. */
    long number(String path) {
        return number(at(path));
    }

    static long number(Path file) {
        List<String> lines = lines(file);
        return lines.isEmpty() ? -1 : Digits.parse(lines.get(0).strip(), MOST);
    }

    /** The number behind a name that begins a line, as in {@code MemTotal:  123 kB}; -1 when there is none. */
    static long number(Path file, String name) {
        for (String line : lines(file)) {
            if (line.startsWith(name)
                    && line.length() > name.length()
                    && Character.isWhitespace(line.charAt(name.length()))) {
                return Digits.parse(line.substring(name.length()).strip().split("\\s", 2)[0], MOST);
            }
        }
        return -1;
    }
}
