package dev.relais.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What becomes of configurations as the documentation of applications has them: the file beside each, which was read line by line by a person.
 * src/test/resources/dev/relais/migration/README.md tells where they come from.
 */
class DocumentedConfigurationsTest {
    static final Path FOLDER = Path.of("src/test/resources/dev/relais/migration");

    /** Those that guard something for which there is no key. */
    private static final List<String> GUARDED = List.of(
            "nginx/others.conf",
            "apache/joomla.htaccess",
            "caddy/others.caddyfile",
            "unit/others.json",
            "apache/others.htaccess");

    static Stream<Path> configurations() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files
                    .filter(file -> Files.exists(expected(file)) && !file.equals(expected(file)))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    /** {@code x.conf} becomes what stands in {@code x.yaml}. */
    private static Path expected(Path file) {
        return file.resolveSibling(file.getFileName().toString().replaceFirst("\\.[a-z]+$", "") + ".yaml");
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void becomesWhatStandsBesideIt(Path file) throws IOException {
        String name = FOLDER.relativize(file).toString();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = ImportMode.run(
                List.of(name.substring(0, name.indexOf('/')), file.toString()),
                new PrintStream(out, true, StandardCharsets.UTF_8));
        if (Boolean.getBoolean("golden.write")) { // and then `git diff` is read
            Files.write(expected(file), out.toByteArray());
        }
        assertEquals(Files.readString(expected(file)), out.toString(StandardCharsets.UTF_8));
        assertEquals(GUARDED.contains(name) ? 1 : 0, code);
    }

    @Test
    void eachServersOfTheIssueAreThere() throws IOException {
        List<String> names =
                configurations().map(file -> FOLDER.relativize(file).toString()).toList();
        Map.of(
                        "nginx",
                                List.of(
                                        "wordpress",
                                        "wordpress-folders",
                                        "nextcloud",
                                        "nextcloud-folder",
                                        "laravel",
                                        "drupal",
                                        "symfony"),
                        "apache",
                                List.of(
                                        "wordpress",
                                        "wordpress-folders",
                                        "nextcloud",
                                        "laravel",
                                        "drupal",
                                        "symfony",
                                        "joomla"),
                        "unit", List.of("wordpress", "nextcloud", "laravel", "drupal", "symfony"),
                        "caddy", List.of("wordpress", "nextcloud", "laravel", "symfony"))
                .forEach((server, applications) -> applications.forEach(application -> assertTrue(
                        names.stream().anyMatch(name -> name.startsWith(server + "/" + application + ".")),
                        application)));
    }
}
