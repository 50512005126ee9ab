package dev.relais;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The manifest in {@code kubernetes/} is what the build generates from these sources, under a banner of comments. */
class KubernetesManifestIT {
    private static final Path COMMITTED = Path.of("kubernetes/kubernetes.yml");
    private static final Path GENERATED = Path.of("target/kubernetes/kubernetes.yml");

    @Test
    void committedManifestIsTheGeneratedOne() throws IOException {
        assertEquals(
                manifest(GENERATED),
                manifest(COMMITTED),
                COMMITTED + " is stale: run src/main/kubernetes/generate and commit what it changes");
    }

    private static String manifest(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> !line.startsWith("#")).collect(Collectors.joining("\n"));
        }
    }
}
