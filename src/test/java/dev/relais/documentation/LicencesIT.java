package dev.relais.documentation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is shipped, what the bill of materials (CycloneDX) says of it, and the page with the licences, are the same. */
class LicencesIT {
    private static final Path PACKAGE =
            Path.of(System.getProperty("relais.test.application")).getParent();

    /** Whose terms were read: what they ask for is kept by passing on the jars, whose texts of licences are in them. */
    private static final Set<String> KNOWN = Set.of(
            "Apache-2.0",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "CC0-1.0",
            "EPL-1.0",
            "Go License", // three clauses of BSD
            "EPL-2.0",
            "GPL-2.0-with-classpath-exception",
            "MIT",
            "MIT-0",
            "Public Domain");

    /** Dependencies that Quarkus does not ship, each with the reason. */
    private static final Map<String, String> LEFT_OUT =
            Map.of("io.quarkus.quarkus-ide-launcher", "starts the development mode from an IDE");

    /** Each jar by the name that it has in the package, with its licences. */
    private static Map<String, Set<String>> listed() throws IOException {
        Map<String, Set<String>> listed = new TreeMap<>();
        Path file = PACKAGE.resolve("relais.cdx.json");
        assumeTrue(
                Files.exists(file), "Maven was offline when it made the package, and then makes no bill of materials");
        JsonObject bom = new JsonObject(Files.readString(file));
        for (Object one : bom.getJsonArray("components")) {
            JsonObject component = (JsonObject) one;
            String purl = component.getString("purl");
            String name = component.getString("group") + "." + component.getString("name");
            if (LEFT_OUT.containsKey(name)) {
                continue;
            }
            String classifier =
                    purl.matches(".*[?&]classifier=.*") ? purl.replaceAll(".*[?&]classifier=([^&#]+).*", "-$1") : "";
            listed.put(name + "-" + component.getString("version") + classifier + ".jar", licences(component));
        }
        return listed;
    }

    private static Set<String> licences(JsonObject component) {
        Set<String> names = new TreeSet<>();
        for (Object one : component.getJsonArray("licenses", new JsonArray())) {
            JsonObject choice = (JsonObject) one;
            JsonObject licence = choice.getJsonObject("license");
            if (licence == null) {
                names.addAll(List.of(choice.getString("expression").split(" OR ")));
            } else {
                names.add(licence.getString("id", licence.getString("name")));
            }
        }
        return names;
    }

    private static Set<String> shipped() throws IOException {
        assumeTrue(Files.isDirectory(PACKAGE.resolve("lib")), "a native executable has no jars beside it");
        Set<String> jars = new TreeSet<>();
        try (Stream<Path> files = Files.walk(PACKAGE.resolve("lib"))) {
            files.filter(Files::isRegularFile)
                    .forEach(file -> jars.add(file.getFileName().toString()));
        }
        return jars;
    }

    @Test
    void theBillOfMaterialsNamesWhatIsShippedAndNothingElse() throws IOException {
        assertEquals(String.join("\n", shipped()), String.join("\n", listed().keySet()));
    }

    @Test
    void eachLibraryHasALicenceWhoseTermsAreKnown() throws IOException {
        Map<String, Set<String>> unknown = new TreeMap<>();
        listed().forEach((jar, licences) -> {
            if (licences.stream().noneMatch(KNOWN::contains)) {
                unknown.put(jar, licences);
            }
        });
        assertEquals(Map.of(), unknown);
    }

    @Test
    void thePageWithTheLicencesSaysTheSame() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        listed().forEach((jar, licences) -> rows.add(List.of(jar, String.join(", ", licences))));
        new GeneratedTable("licences.md", "licences", 0).assertHas(rows);
    }

    @Test
    void thePageWithTheLicencesIsShippedAndNamesEachJar() throws IOException {
        Set<String> shipped = shipped();
        assertEquals(
                Files.readString(Page.DOCUMENTS.resolve("licences.md")),
                Files.readString(PACKAGE.resolve("licences.md")));
        Set<String> named = new TreeSet<>();
        new GeneratedTable("licences.md", "licences", 0).rows().forEach(row -> named.add(row.get(0)));
        assertEquals(String.join("\n", shipped), String.join("\n", named));
    }
}
