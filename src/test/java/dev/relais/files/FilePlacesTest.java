package dev.relais.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Pattern;
import dev.relais.http.FileCodings;
import dev.relais.http.GatewayConfigs;
import dev.relais.http.Problem;
import dev.relais.sites.Application;
import dev.relais.sites.Asked;
import dev.relais.sites.DenyList;
import dev.relais.sites.Fallback;
import dev.relais.sites.PathRules;
import dev.relais.sites.PathSettings;
import dev.relais.sites.Place;
import dev.relais.sites.Rule;
import dev.relais.sites.Site;
import dev.relais.sites.Template;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found of a site's files is kept within its bounds, and says what is there. */
class FilePlacesTest {
    private static final int MEMORY = 1 << 20;

    @TempDir
    Path root;

    private long now = 5;
    private final FilePlaces places = places(MEMORY);

    @BeforeEach
    void resolveFolder() throws IOException {
        root = root.toRealPath();
    }

    private FilePlaces places(long memory) {
        return new FilePlaces(
                new FileOpener(), FileCodings.of(GatewayConfigs.of(Map.of())), memory, () -> now, () -> Instant.now()
                        .plusSeconds(60)); // so that each file counts as settled
    }

    private Application site(PathRules rules) {
        Site site = new Site("files", List.of(), false, false, root, Map.of());
        return new Application("", root, List.of(), List.of(), rules, site, Map.of());
    }

    private static Demand demand(Application site, String path, String query, String accepted) {
        Asked asked = new Asked(path, Integer.MAX_VALUE, query, path, "", "", true, false, (target, before) -> null);
        return new Demand(site, asked, List.of(accepted), false);
    }

    private static ApplicationPlace found(FilePlaces places, Demand demand) throws Exception {
        ApplicationPlace found = places.find(demand, folder -> {});
        return found.wish() == null ? found : places.coded(found, demand);
    }

    /** Text whose compressed form is about half as long. */
    private Path text(String name, int bytes) throws IOException {
        byte[] random = new byte[bytes / 2];
        new Random(5).nextBytes(random);
        return Files.writeString(root.resolve(name), HexFormat.of().formatHex(random));
    }

    @Test
    void whatIsKeptOfCompressedFormsIsBoundedHoweverManyAsk() throws Exception {
        Application site = site(PathRules.of(DenyList.NONE));
        long bytes = 0;
        int kept = 0;
        text("a.css", 300_000);
        for (int i = 0; i < 20; i++) {
            Demand demand = demand(site, "/a.css", "", "gzip, x" + i);
            ApplicationPlace found = found(places, demand);
            int length = Objects.requireNonNull(found.file().bytes()).length();
            assertTrue(length > 100_000 && length < 300_000, length + " bytes");
            if (places.kept(demand) != null) {
                kept++;
                bytes += length;
            }
        }
        assertTrue(kept > 0);
        assertTrue(bytes <= MEMORY / 2, kept + " of them");
    }

    @Test
    void whatIsInMemoryIsGivenBackThoughNobodyAsksAgain() throws Exception {
        assertFalse(places.needsSweep());
        text("a.css", 1_000);
        Demand demand = demand(site(PathRules.of(DenyList.NONE)), "/a.css", "", "identity");
        found(places, demand);
        assertNotNull(places.kept(demand));
        assertTrue(places.needsSweep());
        assertFalse(places.needsSweep(), "one sweeps already");
        assertTrue(places.sweep());
        now += KeptPlaces.MOST_NANOS;
        assertFalse(places.sweep());
        assertFalse(places.needsSweep());
    }

    @Test
    void whereNothingIsKeptNothingIsCompressedForOneClient() throws Exception {
        text("a.css", 1_000);
        Demand demand = demand(site(PathRules.of(DenyList.NONE)), "/a.css", "", "gzip");
        FilePlaces none = places(0);
        ApplicationPlace found = none.find(demand, folder -> {});
        assertNull(found.wish());
        assertNull(none.kept(demand));
        assertFalse(none.needsSweep());
        found.file().close();
    }

    @Test
    void aFileThatWasCutComesLater() throws Exception {
        Path path = text("a.css", 1_000);
        OpenFile file = new FileOpener().open(path, "a.css", folder -> {});
        try (FileChannel other = FileChannel.open(path, StandardOpenOption.WRITE)) {
            other.truncate(10);
        }
        IOException cut = assertThrows(FileCut.class, file::read);
        assertEquals(Problem.FILE_UNAVAILABLE, FileAnswer.problemOf(cut));
    }

    @Test
    void aNameThatHasNoRoomForAnExtensionIsThatOfAFile() throws Exception {
        PathSettings.Builder settings = new PathSettings.Builder();
        settings.precompressed(List.of("br", "gzip"));
        PathRules rules = new PathRules(settings.build(), List.of(), DenyList.NONE, List.of());
        String name = "a".repeat(250) + ".css";
        text(name, 1_000);
        ApplicationPlace found = found(places, demand(site(rules), "/" + name, "", "br, gzip"));
        assertNull(found.failure());
        assertEquals(Place.Kind.FILE, found.place().kind());
        assertEquals(1_000, Objects.requireNonNull(found.file()).size());
    }

    private Place kept(Application site, String path, String query) throws Exception {
        Demand demand = demand(site, path, query, "gzip");
        found(places, demand);
        ApplicationPlace kept = places.kept(demand(site, path, "other=1", "gzip"));
        return kept == null ? null : kept.place();
    }

    @Test
    void aScriptThatIsThereIsKeptForAllQueries() throws Exception {
        Files.createDirectory(root.resolve("blog"));
        Files.writeString(root.resolve("blog/index.php"), "");
        Application site = site(withFallback("/blog/index.php"));
        for (String path : List.of("/blog/index.php", "/blog/index.php/a/b", "/blog/")) {
            Place script = kept(site, path, "first=1");
            assertEquals(Place.Kind.SCRIPT, script.kind(), path);
            assertEquals("/blog/index.php", script.script());
            assertEquals(path.endsWith("b") ? "/a/b" : "", script.pathInfo());
            assertEquals("other=1", script.query());
        }
        now += KeptPlaces.MOST_NANOS;
        assertNull(places.kept(demand(site, "/blog/", "", "gzip")));
    }

    @Test
    void aFallbackIsNotKeptSinceAFileMayAppear() throws Exception {
        Files.writeString(root.resolve("index.php"), "");
        Application site = site(withFallback("/index.php"));
        for (String path : List.of("/a", "/a/", "/index.php.txt")) {
            assertNull(kept(site, path, ""), path);
            assertEquals(
                    Place.Kind.SCRIPT,
                    found(places, demand(site, path, "", "gzip")).place().kind(),
                    path);
        }
        Files.writeString(root.resolve("a"), "text");
        assertEquals(
                Place.Kind.FILE,
                found(places, demand(site, "/a", "", "gzip")).place().kind());
    }

    @Test
    void theScriptOfASiteWithRulesIsNotKeptSinceTheyChangeQueries() throws Exception {
        Files.writeString(root.resolve("b"), "");
        Files.writeString(root.resolve("a.php"), "");
        assertNull(kept(site(rules(rule("/a.php?q=1", 0))), "/a.php", ""));
    }

    @Test
    void aFallbackThatMakesItsQueryOfThePathIsNotKept() throws Exception {
        Files.writeString(root.resolve("doku.php"), "");
        assertNull(kept(site(withFallback("/doku.php?id={path}")), "/", "a=1"));
    }

    private static PathRules withFallback(String fallback) {
        PathSettings.Builder settings = new PathSettings.Builder();
        settings.fallback(Objects.requireNonNull(Fallback.parse(fallback)));
        return new PathRules(settings.build(), List.of(), DenyList.NONE, List.of());
    }

    @Test
    void aRewriteByTheWholeTargetDependsOnTheQuery() {
        Application plain = site(rules(rule("/a/$1", 0), rule("https://b.example{uri}", 301)));
        assertNotNull(demand(plain, "/b", "q=1", "gzip").key());
        Application byUri = site(rules(rule("/a{uri}.css", 0)));
        assertNotNull(demand(byUri, "/b", "", "gzip").key());
        assertNull(demand(byUri, "/b", "q=1", "gzip").key());
    }

    private static PathRules rules(Rule... rules) {
        return new PathRules(PathSettings.NOTHING, List.of(), DenyList.NONE, List.of(rules));
    }

    private static Rule rule(String to, int status) {
        Pattern match = Pattern.compile("^/(b)");
        return new Rule(match, Objects.requireNonNull(Template.parse(to, match)), status, false, Set.of());
    }
}
