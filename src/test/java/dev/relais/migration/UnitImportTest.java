package dev.relais.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** For which hosts steps of NGINX Unit are. */
class UnitImportTest {
    private static final String REST = "{\"action\": {\"share\": \"/srv/x$uri\"}}";

    @TempDir
    Path folder;

    private Imported imported(String steps) {
        String text = "{\"listeners\": {\"*:80\": {\"pass\": \"routes/main\"}}, \"routes\": {\"main\": [" + steps
                + "], \"inner\": [{\"match\": {\"host\": \"a.example\"}, \"action\": {\"return\": 403}}]}}";
        try {
            return UnitImport.read(Files.writeString(folder.resolve("x.json"), text));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A step that refuses a folder. */
    private static String refusal(String hosts, String folder) {
        return "{\"match\": {\"host\": " + hosts + ", \"uri\": \"/" + folder
                + "/*\"}, \"action\": {\"return\": 403}}, ";
    }

    private static SiteDraft site(Imported imported, String host) {
        return imported.sites().stream()
                .filter(site -> host.isEmpty() ? site.hosts.isEmpty() : site.hosts.contains(host))
                .findFirst()
                .orElseThrow(() -> new AssertionError(imported.yaml()));
    }

    @Test
    void aStepIsForAllHostsThatItsPatternsCover() {
        Imported imported = imported(refusal("\"*.a.example\"", "all") + refusal("\"www.a.example\"", "own") + REST);
        assertEquals(Set.of("all/", "own/"), site(imported, "www.a.example").deny);
        assertEquals(Set.of("all/"), site(imported, "*.a.example").deny);
        assertTrue(site(imported, "").deny.isEmpty());
        assertFalse(imported.hasGuard(), imported.yaml());
    }

    @Test
    void hostsWithOtherStepsAreSitesOfTheirOwn() {
        Imported imported =
                imported(refusal("[\"a.example\", \"b.example\"]", "both") + refusal("\"A.example\"", "a") + REST);
        assertEquals(Set.of("both/", "a/"), site(imported, "a.example").deny);
        assertEquals(Set.of("both/"), site(imported, "b.example").deny);
        assertFalse(imported.hasGuard(), imported.yaml());
    }

    @Test
    void whatAStepSparesIsASiteWithoutIt() {
        Imported imported = imported(refusal("\"!a.example\"", "x") + REST);
        assertTrue(site(imported, "a.example").deny.isEmpty());
        assertEquals(Set.of("x/"), site(imported, "").deny);
        Imported below = imported(refusal("[\"*.a.example\", \"!www.a.example\"]", "x") + REST);
        assertTrue(site(below, "www.a.example").deny.isEmpty());
        assertEquals(Set.of("x/"), site(below, "*.a.example").deny);
        assertTrue(site(below, "").deny.isEmpty());
    }

    @Test
    void aRefusalForHostsOfARouteWithinAnotherIsToldWhereItIsNotForAll() {
        String inner = "{\"action\": {\"pass\": \"routes/inner\"}}, ";
        assertTrue(imported(inner + REST).hasGuard());
        Imported own = imported("{\"match\": {\"host\": \"a.example\"}, " + inner.substring(1)
                + "{\"match\": {\"host\": \"b.example\"}, " + REST.substring(1));
        assertFalse(own.hasGuard(), own.yaml());
        assertEquals(1, site(own, "a.example").rules.size());
    }
}
