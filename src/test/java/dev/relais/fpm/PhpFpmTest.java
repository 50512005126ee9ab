package dev.relais.fpm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import dev.relais.process.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhpFpmTest {
    @TempDir
    Path bin;

    private final Command command = new Command(ProcessBuilder::start, Duration.ofSeconds(2));

    private Path fake(String name, String version, String sapi) throws Exception {
        return script(
                name,
                "echo 'Warning: something first'\necho 'PHP " + version + " (" + sapi + ") (built: Nov 18 2026)'\n");
    }

    private Path script(String name, String text) throws Exception {
        Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private PhpFpm find() {
        return PhpFpm.find(Optional.empty(), "relative:" + bin + ":/no/such/directory", List.of(), command);
    }

    private String problem(Path configured) {
        return assertThrows(
                        ConfigurationProblem.class,
                        () -> PhpFpm.find(Optional.ofNullable(configured), bin.toString(), List.of(), command))
                .getMessage();
    }

    @Test
    void theNewestWinsByNumberNotByName() throws Exception {
        fake("php-fpm", "8.1.2", "fpm-fcgi");
        fake("php-fpm8.9", "8.9.1", "fpm-fcgi");
        Path newest = fake("php-fpm83", "8.10.0-dev", "fpm-fcgi");
        fake("php-fpm9.sh", "9.9.9", "fpm-fcgi");
        fake("php-fpm9", "9.9.9", "cgi-fcgi");
        script("php-fpm99", "exec sleep 30\n");
        assertEquals(new PhpFpm(newest, "8.10.0"), find());
    }

    @Test
    void aPhpThatDoesNotAnswerIsAskedForItsExtensionsOnce() throws Exception {
        PhpFpm silent = new PhpFpm(script("php-fpm", "exec sleep 30\n"), "8.2.0");
        AtomicInteger starts = new AtomicInteger();
        Command counted = new Command(
                builder -> {
                    starts.incrementAndGet();
                    return builder.start();
                },
                Duration.ofMillis(100));
        MissingExtension extension = new MissingExtension(silent, Map.of(), counted);

        String message = assertThrows(ConfigurationProblem.class, () -> extension.setting("xdebug"))
                .getMessage();
        assertTrue(message.contains("no answer within 100 ms"), message);
        assertEquals(1, starts.get());
    }

    @Test
    void theRealOneIsFound() {
        PhpFpm found = PhpFpm.find(Optional.empty(), null, command);
        assertTrue(found.version().matches("8\\.\\d+\\.\\d+"), found.toString());
    }

    @Test
    void noneIsAProblemWithTheRemedy() {
        assertTrue(problem(null).contains("apt-get install php-fpm"));
    }

    @Test
    void oneThatDoesNotRunIsAProblemWithItsOwnWords() throws Exception {
        script("php-fpm", "echo 'error while loading shared libraries: libxml2.so.2'; exit 127\n");
        String line = problem(null);
        assertTrue(line.contains("error while loading shared libraries: libxml2.so.2"), line);
        assertTrue(line.contains(bin.resolve("php-fpm").toString()), line);
    }

    @Test
    void anOldOneIsAProblem() throws Exception {
        fake("php-fpm7.4", "7.4.33", "fpm-fcgi");
        assertTrue(problem(null).contains("is version 7.4.33, too old"));
    }

    @Test
    void aConfiguredProgramMustBeAnExecutablePhpFpm() throws Exception {
        assertTrue(problem(bin.resolve("none")).contains("no such file"));
        Path closed = fake("closed", "8.2.0", "fpm-fcgi");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rw-r--r--"));
        assertTrue(problem(closed).contains("not executable"));
        assertTrue(problem(fake("php-cgi", "8.2.0", "cgi-fcgi")).contains("is not PHP-FPM (PHP 8.2.0 (cgi-fcgi))"));
        assertTrue(problem(script("slow", "exec sleep 30\n")).contains("no answer within 2000 ms"));
        Path good = fake("mine", "8.0.0", "fpm-fcgi");
        assertEquals(
                "8.0.0", PhpFpm.find(Optional.of(good), "", List.of(), command).version());
    }
}
