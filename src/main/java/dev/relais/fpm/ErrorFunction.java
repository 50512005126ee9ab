package dev.relais.fpm;

import dev.relais.LogText;
import dev.relais.slot.Proof;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The PHP function by which a child writes its standard error to an {@link ErrorPipe} from then on. FPM gives each child a pipe to its
 * master, and has it write a mark there at each request's end, for which the master wakes, reads and looks twice: about a fifth of
 * what a small request costs (src/docs/facts.md, fact 38). PHP itself cannot replace a descriptor; its FFI can, and may be used in what is
 * preloaded where {@code ffi.enable} has its usual value. A child that cannot do it goes on writing to its master. Not to be instantiated.
 */
final class ErrorFunction {
    /** How the names of pipes end. */
    static final String FILE_END = ".err";

    private static final List<Path> MKFIFO = List.of(Path.of("/usr/bin/mkfifo"), Path.of("/bin/mkfifo"));

    /**
     * Does nothing for anybody but the script of the {@link Proof}, and nothing a second time: the child's standard error is no nameless
     * pipe then. It answers with the number in the name of the pipe that is in use, or -1.
     */
    private static final String TEXT = """
            function relais_error_pipe(string $offered): int
            {
                try {
                    if ((get_included_files()[0] ?? '') !== '%1$s/%2$s') {
                        return -1;
                    }
                    $c = FFI::cdef('%3$s');
                    $name = $c->new('char[256]');
                    $now = FFI::string($name, max(0, $c->readlink('/proc/self/fd/2', $name, 256)));
                    $number = fn ($path) => strncmp($path, '%1$s/w', %4$d) === 0 && substr($path, -4) === '%5$s'
                        ? (int) substr(strrchr(substr($path, 0, -4), '.'), 1)
                        : -1;
                    if (strncmp($now, 'pipe:', 5) === 0 && $number($offered) >= 0) {
                        $pipe = $c->open($offered, 1);
                        $now = $pipe >= 0 && $c->dup2($pipe, 2) === 2 ? $offered : '';
                        $pipe >= 0 && $c->close($pipe);
                    }
                    if ($number($now) >= 0) {
                        $c->write(2, "\\0open\\0", 6);
                    }
                    return $number($now);
                } catch (Throwable $e) {
                    return -1;
                }
            }
            if (get_cfg_var('relais.check')) {
                try {
                    $c = FFI::cdef('%3$s');
                    $null = $c->open('/dev/null', 1);
                    echo 'relais-errors[', $null >= 0 && $c->dup2($null, $null) === $null ? '' : 'FFI fails', ']!';
                    $c->close($null);
                } catch (Throwable $e) {
                    echo 'relais-errors[', $e->getMessage(), ']!';
                }
                unset($c, $null, $e);
            }
            """;

    /** The last parameter of open(2) counts for new files only; sizes are {@code long}s on Linux. */
    private static final String C =
            "int open(const char *path, int flags); int dup2(int from, int to); int close(int fd);"
                    + " long readlink(const char *path, char *to, unsigned long size); long write(int fd, const char *bytes, unsigned long size);";

    private static final Pattern CHECKED = Pattern.compile("(?s)relais-errors\\[(.*?)]!");

    private ErrorFunction() {}

    /** A part of the {@link Preload}. */
    static String php(RunDirectory directory) {
        Path path = directory.path();
        return TEXT.formatted(
                path, directory.pidScript().getFileName(), C, path.toString().length() + 2, FILE_END);
    }

    /** Why no child can do it, by what a test of the configuration has put out; empty when they can. */
    static Optional<String> hindrance(String output) {
        Matcher checked = CHECKED.matcher(output);
        if (!checked.find()) {
            return Optional.of("PHP does not preload");
        }
        if (!checked.group(1).isEmpty()) {
            return Optional.of(LogText.escape(checked.group(1)));
        }
        return MKFIFO.stream().anyMatch(Files::isExecutable) ? Optional.empty() : Optional.of("there is no mkfifo(1)");
    }
}
