package dev.relais.fpm;

import dev.relais.slot.Proof;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
     * It is told a nonce and a pipe. The pipe is opened so that the child waits for nobody (O_WRONLY | O_NONBLOCK), since a script of the
     * same user can put a FIFO in its place that nobody reads; writing waits again (F_SETFL, O_WRONLY). It does nothing a second time: the
     * child's standard error is no nameless pipe then. It answers with the number in the name of the pipe that is in use, or -1.
     */
    private static final String BODY = """
            $c = FFI::cdef('%3$s');
            $name = $c->new('char[256]');
            $now = FFI::string($name, max(0, $c->readlink('/proc/self/fd/2', $name, 256)));
            $nonce = substr($told, 0, %6$d);
            $offered = substr($told, %6$d + 1);
            $number = fn ($path) => strncmp($path, '%1$s/w', %4$d) === 0 && substr($path, -4) === '%5$s'
                ? (int) substr(strrchr(substr($path, 0, -4), '.'), 1)
                : -1;
            if ($number($offered) >= 0 && strncmp($now, 'pipe:', 5) === 0) {
                $pipe = $c->open($offered, 2049);
                $now = $pipe >= 0 && $c->fcntl($pipe, 4, 1) === 0 && $c->dup2($pipe, 2) === 2 ? $offered : '';
                $pipe >= 0 && $c->close($pipe);
            }
            if ($number($now) >= 0) {
                $c->write(2, "\\0open{$nonce}\\0", strlen($nonce) + 6);
            }
            return $number($now);
            """;

    /**
     * Does nothing for anybody but the script of the {@link Proof}. A test of the configuration runs the same statements with a pipe that
     * cannot exist, so that whatever they use and the configuration forbids is found.
     */
    private static final String TEXT = """
            function relais_error_pipe(string $told): int
            {
                try {
                    if ((get_included_files()[0] ?? '') !== '%1$s/%2$s') {
                        return -1;
                    }
                    BODY
                } catch (Throwable $e) {
                    return -1;
                }
            }
            if (get_cfg_var('relais.check')) {
                try {
                    get_included_files();
                    (function (string $told) {
                        BODY
                    })('%7$s %1$s/w.0%5$s');
                    $c = FFI::cdef('%3$s');
                    $null = $c->open('/dev/null', 2049);
                    $works = $null >= 0 && $c->fcntl($null, 4, 1) === 0 && $c->dup2($null, $null) === $null;
                    echo 'relais-errors[', $works ? '' : 'FFI fails', ']!';
                    $c->close($null);
                } catch (Throwable $e) {
                    echo 'relais-errors[', $e->getMessage(), ']!';
                }
                unset($c, $null, $works, $e);
            }
            """.replace("BODY\n", BODY);

    /**
     * The last parameter of open(2) counts for new files only; sizes are {@code long}s on Linux, and so may be the last parameter of
     * fcntl(2).
     */
    private static final String C =
            "int open(const char *path, int flags); int dup2(int from, int to); int close(int fd);"
                    + " int fcntl(int fd, int command, long argument);"
                    + " long readlink(const char *path, char *to, unsigned long size); long write(int fd, const char *bytes, unsigned long size);";

    private static final int NONCE_LENGTH = 32;

    private static final Pattern CHECKED = Pattern.compile("(?s)relais-errors\\[(.*?)]!");

    private ErrorFunction() {}

    /** What only the gateway and the script of the {@link Proof} know. */
    static String nonce() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** A part of the {@link Preload}. */
    static String php(RunDirectory directory) {
        Path path = directory.path();
        return TEXT.formatted(
                path,
                directory.pidScript().getFileName(),
                C,
                path.toString().length() + 2,
                FILE_END,
                NONCE_LENGTH,
                "0".repeat(NONCE_LENGTH));
    }

    /** Why no child can do it, by what a test of the configuration has put out; empty when they can. */
    static Optional<String> hindrance(String output) {
        Matcher checked = CHECKED.matcher(output);
        if (!checked.find()) {
            return Optional.of("PHP does not preload");
        }
        if (!checked.group(1).isEmpty()) {
            return Optional.of(checked.group(1));
        }
        return MKFIFO.stream().anyMatch(Files::isExecutable) ? Optional.empty() : Optional.of("there is no mkfifo(1)");
    }
}
