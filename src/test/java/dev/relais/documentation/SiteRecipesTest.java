package dev.relais.documentation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The recipes in src/main/sites are sites, each with what a site needs, and with keys that sites have. */
class SiteRecipesTest {
    private static final Path FOLDER = Path.of("src/main/sites");
    private static final Set<String> OF_PATHS = Set.of(
            "index",
            "fallback",
            "scripts",
            "missing-scripts",
            "deny",
            "headers",
            "expires",
            "types",
            "precompressed",
            "error-pages",
            "maintenance",
            "allow-from",
            "max-body-size",
            "timeout",
            "internal",
            "root");
    private static final Set<String> OF_SITES = Set.of(
            "hosts",
            "mount",
            "rules",
            "paths",
            "variables",
            "php",
            "functions",
            "allow-symlinks-to",
            "body",
            "methods");

    private static Map<?, ?> sites(Path recipe) throws IOException {
        Object whole = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(recipe));
        return assertInstanceOf(Map.class, assertInstanceOf(Map.class, whole).get("sites"));
    }

    private static List<Path> recipes() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    @Test
    void eachApplicationHasOne() throws IOException {
        Set<String> names = new TreeSet<>();
        recipes().forEach(recipe -> names.add(recipe.getFileName().toString().replace(".yaml", "")));
        assertTrue(
                names.containsAll(Set.of(
                        "wordpress",
                        "wordpress-multisite",
                        "drupal",
                        "nextcloud",
                        "mediawiki",
                        "moodle",
                        "joomla",
                        "matomo",
                        "phpbb",
                        "laravel",
                        "symfony",
                        "typo3",
                        "dokuwiki",
                        "roundcube")),
                names::toString);
    }

    @Test
    void eachHasHostsARootAndKeysOfSites() throws IOException {
        for (Path recipe : recipes()) {
            for (Object value : sites(recipe).values()) {
                Map<?, ?> site = assertInstanceOf(Map.class, value);
                assertTrue(
                        site.containsKey("hosts")
                                && String.valueOf(site.get("root")).startsWith("/srv/"),
                        recipe::toString);
                Set<Object> others = new HashSet<>(site.keySet());
                others.removeAll(OF_PATHS);
                others.removeAll(OF_SITES);
                assertEquals(Set.of(), others, recipe::toString);
                Object paths = site.get("paths");
                if (paths != null) {
                    for (Object path : assertInstanceOf(Map.class, paths).values()) {
                        Set<Object> unknown =
                                new HashSet<>(assertInstanceOf(Map.class, path).keySet());
                        unknown.removeAll(OF_PATHS);
                        assertEquals(Set.of(), unknown, recipe::toString);
                    }
                }
            }
        }
    }

    @Test
    void eachIsListed() throws IOException {
        String page = Files.readString(Path.of("src/docs/moving-in.md"));
        for (Path recipe : recipes()) {
            assertTrue(page.contains("(../main/sites/" + recipe.getFileName() + ")"), recipe::toString);
        }
    }
}
