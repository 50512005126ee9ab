package dev.relais.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;

/** A functions directory of its own for a test, which may change it; readable by all users. */
public final class TestFunctions implements AutoCloseable {
    private final Path directory;

    private TestFunctions(Path directory) {
        this.directory = directory;
    }

    public static TestFunctions empty() throws IOException {
        Path directory = Files.createTempDirectory("relais-functions");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new TestFunctions(directory);
    }

    /** A copy of {@code src/test/php}, old enough for the opcache. */
    public static TestFunctions all() throws IOException {
        TestFunctions functions = empty();
        Path source = Path.of("src/test/php").toAbsolutePath();
        try (var files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Path copy = functions.directory.resolve(source.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                    Files.setLastModifiedTime(copy, FileTime.from(Instant.now().minusSeconds(60)));
                }
            }
        }
        return functions;
    }

    public Path directory() {
        return directory;
    }

    /** Puts a file in place as a deployment should: by rename. */
    public Path put(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Path fresh = Files.writeString(directory.resolve("." + file.getFileName() + ".tmp"), text);
        return Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
        Side.delete(directory);
    }
}
