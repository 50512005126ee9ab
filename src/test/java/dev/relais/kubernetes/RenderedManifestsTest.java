package dev.relais.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.relais.documentation.GeneratedTable;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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
        assertEquals(List.of(), problems(rendering));
    }

    private static List<String> problems(Rendering rendering) {
        List<String> problems = new ArrayList<>();
        for (Map<String, Object> resource : rendering.resources()) {
            problems.addAll(ManifestCheck.problems(resource));
        }
        return problems;
    }

    @Test
    void theReportTellsOfEach() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (Rendering rendering : Rendering.all()) {
            String kinds = rendering.resources().stream()
                    .map(resource -> (String) resource.get("kind"))
                    .collect(Collectors.joining(", "));
            int problems = problems(rendering).size();
            rows.add(List.of("`" + rendering + "`", kinds, Integer.toString(problems)));
        }
        new GeneratedTable("../bench/results/manifests.md", "renderings", 0).assertHas(rows);
    }

    @Test
    void theOneFileIsTheBase() throws IOException {
        String text = Files.readString(GeneratedManifests.FOLDER.resolve(GeneratedManifests.ONE_FILE));
        assertEquals(new HashSet<>(Rendering.of("base").resources()), new HashSet<>(Rendering.read(text)));
    }
}
