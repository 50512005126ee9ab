package dev.relais.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a cluster gets. */
class RenderedManifestsTest {
    static List<Rendering> renderings() throws IOException {
        return Rendering.all();
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void everyResourceIsValid(Rendering rendering) {
        List<String> problems = new ArrayList<>();
        for (Map<String, Object> resource : rendering.resources()) {
            problems.addAll(ManifestCheck.problems(resource));
        }
        assertEquals(List.of(), problems);
    }

    @Test
    void theOneFileIsTheBase() throws IOException {
        String text = Files.readString(GeneratedManifests.FOLDER.resolve(GeneratedManifests.ONE_FILE));
        assertEquals(new HashSet<>(Rendering.of("base").resources()), new HashSet<>(Rendering.read(text)));
    }
}
