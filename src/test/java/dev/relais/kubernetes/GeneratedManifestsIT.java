package dev.relais.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** With {@code -Dmanifests.write=true} it writes them instead. It needs the package, for the extension makes its manifest then. */
class GeneratedManifestsIT {
    @Test
    void committedManifestsAreTheGeneratedOnes() throws IOException {
        SortedMap<String, String> made = GeneratedManifests.make();
        if (Boolean.getBoolean("manifests.write")) {
            write(made);
        }
        SortedMap<String, String> committed = committed();
        String advice =
                " in " + GeneratedManifests.FOLDER + ": run src/main/kubernetes/generate and commit what it changes";
        assertEquals(made.keySet(), committed.keySet(), "the files" + advice);
        made.forEach((name, text) -> assertEquals(text, committed.get(name), name + " is stale" + advice));
    }

    private static void write(SortedMap<String, String> made) throws IOException {
        for (String name : committed().keySet()) {
            if (!made.containsKey(name)) {
                Files.delete(GeneratedManifests.FOLDER.resolve(name));
            }
        }
        for (var file : made.entrySet()) {
            Path target = GeneratedManifests.FOLDER.resolve(file.getKey());
            Files.createDirectories(target.getParent());
            Files.writeString(target, file.getValue());
        }
    }

    private static SortedMap<String, String> committed() throws IOException {
        SortedMap<String, String> committed = new TreeMap<>();
        try (Stream<Path> files = Files.walk(GeneratedManifests.FOLDER)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                committed.put(GeneratedManifests.FOLDER.relativize(file).toString(), Files.readString(file));
            }
        }
        return committed;
    }
}
