package dev.relais.functions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the tests of this package have in common: a configuration, and files that are written the way deployments write them. */
public final class FunctionFixture {
    static final Settings NO_SETTINGS = new Settings(FunctionSettings.defaults(60_000), Map.of());

    private FunctionFixture() {}

    record Config(
            Path directory,
            Duration timeout,
            Reload reload,
            Duration quiet,
            Set<String> ignore,
            Duration scanInterval,
            Optional<List<Path>> allowSymlinksTo,
            int maxCount)
            implements FunctionsConfig {
        Config(
                Path directory,
                Duration timeout,
                Duration scanInterval,
                Optional<List<Path>> allowSymlinksTo,
                int maxCount) {
            this(
                    directory,
                    timeout,
                    Reload.FILES,
                    Duration.ofMillis(100),
                    Set.of(".git"),
                    scanInterval,
                    allowSymlinksTo,
                    maxCount);
        }

        Config ignoring(String... names) {
            return new Config(
                    directory, timeout, reload, quiet, Set.of(names), scanInterval, allowSymlinksTo, maxCount);
        }

        Config inGenerations() {
            return new Config(
                    directory, timeout, Reload.GENERATIONS, quiet, ignore, scanInterval, allowSymlinksTo, maxCount);
        }
    }

    static Config config(Path directory, Path... allowed) {
        Optional<List<Path>> to = allowed.length == 0 ? Optional.empty() : Optional.of(List.of(allowed));
        return new Config(directory, Duration.ofSeconds(60), Duration.ofMillis(20), to, 10_000);
    }

    static PhpFunction function(String name) {
        return function(name, FunctionSettings.defaults(60_000));
    }

    /** A script of the folder {@code /f}. */
    public static PhpFunction function(String name, FunctionSettings settings) {
        return new PhpFunction(name, "/f/" + name + ".php", "/f", "/api/" + name, false, "1", null, settings);
    }

    /** Writes a file and the folders that it needs, by a rename, so that half of it is never seen. */
    public static Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Path fresh = Files.writeString(file.resolveSibling("." + file.getFileName() + ".new"), text);
        return Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    public static Path php(Path directory, String file) throws IOException {
        return write(directory.resolve(file), "<?php echo 1;");
    }

    /** Makes a symlink or leads an existing one elsewhere by one rename, as {@code ln -sfn} with {@code mv -T} or kubelet does. */
    public static Path link(Path link, String target) throws IOException {
        Files.createDirectories(link.getParent());
        Path fresh = link.resolveSibling(link.getFileName() + ".new");
        Files.createSymbolicLink(fresh, Path.of(target));
        return Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Gives paths a time that is old enough to count as settled. */
    static void settle(Path... paths) throws IOException {
        for (Path path : paths) {
            Files.setLastModifiedTime(path, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        }
    }
}
