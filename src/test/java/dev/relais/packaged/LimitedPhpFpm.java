package dev.relais.packaged;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * A php-fpm that runs under an RLIMIT_NPROC and says that it is of version {@value #VERSION}.
 *
 * @param launcher a script, for {@code relais.workers.php-fpm}
 * @param processes the limit, for all tasks of its user
 */
record LimitedPhpFpm(Path launcher, long processes) implements AutoCloseable {
    /** A version with CVE-2026-129289. */
    static final String VERSION = "8.2.32";

    static LimitedPhpFpm of(long processes) throws IOException {
        Path file = Files.createTempFile("relais-it-php-fpm-", "");
        Files.writeString(file, """
            #!/bin/sh
            if [ "$*" = "-n -v" ]; then %2$s -v | sed 's/^PHP [0-9.]*/PHP %3$s/'; exit; fi
            exec prlimit --nproc=%1$d %2$s "$@"
            """.formatted(processes, phpFpm(), VERSION));
        return new LimitedPhpFpm(
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x")), processes);
    }

    /** The program of this host. */
    static Path phpFpm() throws IOException {
        for (String folder : List.of("/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin")) {
            try (Stream<Path> files = Files.list(Path.of(folder))) {
                Path found = files.filter(file -> file.getFileName().toString().matches("php-fpm[\\d.]*"))
                        .max(Path::compareTo)
                        .orElse(null);
                if (found != null) {
                    return found;
                }
            }
        }
        throw new AssertionError("no php-fpm");
    }

    /** The number of this user's threads, which the kernel counts. */
    static long tasks() throws IOException {
        Process ps = new ProcessBuilder("ps", "-L", "-u", System.getProperty("user.name")).start();
        return ps.inputReader().lines().count();
    }

    @Override
    public void close() throws IOException {
        Files.delete(launcher);
    }
}
