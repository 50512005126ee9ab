package dev.relais.functions;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each recipe, and what each documented configuration of another server becomes, is read as sites. */
class ImportedSitesTest {
    static Stream<Path> files() throws IOException {
        List<Path> all;
        try (Stream<Path> imported = Files.walk(Path.of("src/test/resources/dev/relais/migration"));
                Stream<Path> recipes = Files.list(Path.of("src/main/sites"))) {
            all = Stream.concat(imported, recipes)
                    .filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void isRead(Path file) throws IOException {
        Map<String, SiteSettings> sites = new HashMap<>();
        YamlValue.parse(file.toString(), Files.readString(file), 1 << 20)
                .entries()
                .forEach((key, value) ->
                        SitesForm.read(value, FunctionSettings.defaults(60_000), new PoolTable(null), sites));
        assertFalse(sites.isEmpty());
    }
}
