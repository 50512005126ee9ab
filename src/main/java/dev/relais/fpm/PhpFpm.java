package dev.relais.fpm;

import dev.relais.ConfigurationProblem;
import dev.relais.LogText;
import dev.relais.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The php-fpm program that every worker runs.
 *
 * @param path the program, absolute
 * @param version the version that the program itself prints, such as {@code 8.2.36}
 */
record PhpFpm(Path path, String version) {
    private static final String KEY = "relais.workers.php-fpm";
    private static final String INSTALL =
            "install PHP-FPM 8.0 or newer (Debian, Ubuntu: apt-get install php-fpm; Fedora: dnf install php-fpm; Alpine: apk add php83-fpm) "
                    + "or set this key to the program";
    private static final Pattern NAME = Pattern.compile("php-fpm(\\d+(\\.\\d+)?)?");
    private static final Pattern VERSION =
            Pattern.compile("(?m)^PHP (\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})\\S* \\(([a-z-]+)\\)");
    /** The directories in which Debian keeps the program, and which are not on a user's PATH. */
    private static final List<String> ALSO = List.of("/usr/sbin", "/usr/local/sbin");

    public PhpFpm {
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("not absolute: " + path);
        }
    }

    /**
     * Finds the program: the configured one, or without configuration the newest among {@code php-fpm}, {@code php-fpmX.Y} and
     * {@code php-fpmXY}. Blocks while each candidate is asked for its version.
     *
     * @param configured the value of {@code relais.workers.php-fpm}
     * @param pathVariable the value of PATH; null or empty for none
     * @param command runs the candidates
     * @throws ConfigurationProblem when there is none, or none of version 8.0 or newer
     */
    static PhpFpm find(Optional<Path> configured, @Nullable String pathVariable, Command command) {
        return find(configured, pathVariable, ALSO, command);
    }

    static PhpFpm find(Optional<Path> configured, @Nullable String pathVariable, List<String> also, Command command) {
        return search(configured, pathVariable, also, command).get();
    }

    /** As {@link #find}, but returns when the candidates have been asked; the result waits for their answers, and is asked for once. */
    static Supplier<PhpFpm> search(Optional<Path> configured, @Nullable String pathVariable, Command command) {
        return search(configured, pathVariable, ALSO, command);
    }

    private static Supplier<PhpFpm> search(
            Optional<Path> configured, @Nullable String pathVariable, List<String> also, Command command) {
        List<Asked> asked = new ArrayList<>();
        if (configured.isEmpty()) {
            candidates(pathVariable, also).forEach(path -> asked.add(Asked.of(path, command)));
            return () -> newest(asked);
        }
        Path path = configured.get().toAbsolutePath();
        if (Files.isRegularFile(path) && Files.isExecutable(path)) {
            asked.add(Asked.of(path, command));
        }
        return () -> configured(path, asked);
    }

    private static PhpFpm newest(List<Asked> asked) {
        Candidate best = null;
        Candidate broken = null; // the first program that runs but does not print its version
        for (Asked each : asked) {
            Candidate candidate = each.answer();
            if (candidate.isFpm() && (best == null || candidate.newerThan(best))) {
                best = candidate;
            }
            if (broken == null && candidate.sapi().isEmpty()) {
                broken = candidate;
            }
        }
        if (best == null && broken != null) {
            throw new ConfigurationProblem(
                    KEY,
                    broken.path(),
                    "does not run (" + LogText.escape(broken.says()) + ")",
                    "make " + broken.path() + " -n -v tell its version, or set this key to another PHP-FPM");
        }
        if (best == null) {
            throw new ConfigurationProblem(KEY, null, "no php-fpm on PATH, in /usr/sbin or /usr/local/sbin", INSTALL);
        }
        return best.accept();
    }

    private static PhpFpm configured(Path path, List<Asked> asked) {
        if (!Files.isRegularFile(path)) {
            throw new ConfigurationProblem(KEY, path, "there is no such file", INSTALL);
        }
        if (asked.isEmpty()) {
            throw new ConfigurationProblem(
                    KEY, path, "is not executable", "make it so (chmod +x) or name another program");
        }
        Candidate candidate = asked.get(0).answer();
        if (!candidate.isFpm()) {
            throw new ConfigurationProblem(KEY, path, "is not PHP-FPM (" + candidate.says() + ")", INSTALL);
        }
        return candidate.accept();
    }

    /** The candidates in PATH's order, each program once, because /usr/bin and /bin are often the same directory. */
    private static List<Path> candidates(@Nullable String pathVariable, List<String> also) {
        Set<String> directories = new LinkedHashSet<>(List.of((pathVariable == null ? "" : pathVariable).split(":")));
        directories.addAll(also);
        Set<Path> seen = new LinkedHashSet<>();
        List<Path> found = new ArrayList<>();
        for (String directory : directories) {
            // A relative entry would run a program of the directory that the gateway was started in.
            if (!directory.startsWith("/")) {
                continue;
            }
            try (Stream<Path> files = Files.list(Path.of(directory))) {
                for (Path file : files.sorted().toList()) {
                    if (NAME.matcher(file.getFileName().toString()).matches()
                            && Files.isRegularFile(file)
                            && Files.isExecutable(file)
                            && seen.add(file.toRealPath())) {
                        found.add(file);
                    }
                }
            } catch (IOException | UncheckedIOException | InvalidPathException e) {
                // A directory on PATH that is missing or not accessible contains no program that could be run.
            }
        }
        return found;
    }

    /** A program that has been asked for its version. */
    private record Asked(Path path, Command.Running asked) {
        /** Without php.ini and the extensions in it, whose loading takes five times as long; the test of the configuration loads them. */
        static Asked of(Path path, Command command) {
            return new Asked(path, command.begin(List.of(path.toString(), "-n", "-v")));
        }

        Candidate answer() {
            String output = asked.result().output();
            Matcher matcher = VERSION.matcher(output);
            if (!matcher.find()) {
                return new Candidate(
                        path, 0, 0, 0, "", output.lines().findFirst().orElse("no output"));
            }
            return new Candidate(
                    path,
                    Integer.parseInt(matcher.group(1)),
                    Integer.parseInt(matcher.group(2)),
                    Integer.parseInt(matcher.group(3)),
                    matcher.group(4),
                    matcher.group());
        }
    }

    private record Candidate(Path path, int major, int minor, int patch, String sapi, String says) {
        boolean isFpm() {
            return sapi.equals("fpm-fcgi");
        }

        boolean newerThan(Candidate other) {
            return number() > other.number();
        }

        private long number() {
            return (major * 10_000L + minor) * 10_000L + patch;
        }

        PhpFpm accept() {
            String version = major + "." + minor + "." + patch;
            if (major < 8) {
                throw new ConfigurationProblem(KEY, path, "is version " + version + ", too old", INSTALL);
            }
            return new PhpFpm(path, version);
        }
    }
}
