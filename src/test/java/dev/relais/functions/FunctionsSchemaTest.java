package dev.relais.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schema for editors knows what the parser knows, and says what it means. */
class FunctionsSchemaTest {
    private final JsonSchema schema =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(FunctionsSchema.text());

    @TempDir
    Path directory;

    private JsonNode definition(String name) {
        return schema.getSchemaNode().at("/definitions/" + name + "/properties");
    }

    private static Set<String> names(JsonNode properties) {
        Set<String> names = new TreeSet<>();
        properties.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void itHasTheKeysOfTheParserAndNoOthers() {
        assertEquals(new TreeSet<>(FunctionKeys.names()), names(definition("function")));
        assertEquals(new TreeSet<>(CacheKeys.names()), names(definition("cache")));
        assertEquals(SiteKeys.names(), names(definition("site")));
        assertEquals(SiteKeys.namesOfPaths(), names(definition("path")));
        assertEquals(SiteKeys.namesOfRules(), names(definition("rule")));
        assertEquals(new TreeSet<>(PoolKeys.names()), names(definition("pool")));
        assertEquals(new TreeSet<>(ResidentKeys.names()), names(definition("resident")));
    }

    @Test
    void itSaysWhatEachKeyMeans() {
        List<String> silent = new ArrayList<>();
        for (String definition : List.of("function", "cache", "site", "path", "rule", "pool", "resident")) {
            definition(definition).fields().forEachRemaining(key -> {
                JsonNode named = key.getValue().path("$ref");
                JsonNode value = named.asText().startsWith("#/definitions/function/")
                        ? schema.getSchemaNode().at(named.asText().substring(1))
                        : key.getValue();
                if (value.path("description").asText().isBlank()) {
                    silent.add(key.getKey());
                }
            });
        }
        assertEquals(List.of(), silent);
    }

    /** What it calls a default changes nothing when it is written down. */
    @Test
    void itsDefaultsAreThoseOfTheParser() throws IOException {
        FunctionSettings defaults = FunctionSettings.defaults(60_000);
        int found = 0;
        for (String key : FunctionKeys.names()) {
            JsonNode value = definition("function").path(key).path("default");
            if (!value.isMissingNode()) {
                Path file = Files.writeString(
                        directory.resolve("functions.yaml"), "functions: {f: {" + key + ": " + value.asText() + "}}");
                assertEquals(
                        defaults,
                        SettingsFile.read(file, "functions.yaml", defaults, 1).of("f"),
                        key);
                found++;
            }
        }
        assertTrue(found >= 7, "only " + found);
    }

    /** An editor that reads the first line of the examples' file finds the schema. */
    @Test
    void theExamplesNameIt() throws IOException {
        Path file = Path.of("src/main/php/functions.yaml");
        String first = Files.readAllLines(file).get(0);
        String mark = "# yaml-language-server: $schema=";
        assertTrue(first.startsWith(mark), first);
        Path named = file.resolveSibling(first.substring(mark.length()));
        assertEquals(FunctionsSchema.text(), Files.readString(named));
    }
}
