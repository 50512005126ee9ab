package dev.relais.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What PHP is told of the sites, before the functions are loaded and afterwards. */
class SiteIniTest {
    @TempDir
    Path directory;

    private Path root;

    @BeforeEach
    void makeRoots() throws IOException {
        root = directory.toRealPath().resolve("a");
        FunctionFixture.php(root, "index.php");
        FunctionFixture.php(directory.resolve("b"), "index.php");
    }

    private FunctionRegistry load(String yaml) throws IOException {
        Files.writeString(directory.resolve("functions.yaml"), yaml);
        return new FunctionSource(FunctionFixture.config(directory), null, 1, folder -> true, Clock.systemUTC())
                .load()
                .registry();
    }

    private String ini(String sites) throws IOException {
        FunctionRegistry loaded = load("sites: {" + sites + "}");
        FunctionRegistry preview = SitePreview.of(FunctionFixture.config(directory));
        String text = SiteIni.of(loaded, null, site -> Path.of("/state", site));
        assertEquals(text, SiteIni.of(preview, null, site -> Path.of("/state", site)));
        return text;
    }

    @Test
    void aSectionHasTheSettingsOfItsSite() throws IOException {
        assertEquals(
                "[PATH=" + root + "]\n"
                        + "memory_limit = '99M'\n"
                        + "session.cookie_httponly = '1'\n"
                        + "session.cookie_path = '/x/'\n"
                        + "session.cookie_samesite = 'Lax'\n"
                        + "session.gc_divisor = '1000'\n"
                        + "session.gc_probability = '1'\n"
                        + "session.save_path = '/state/one'\n",
                ini("one: {mount: /x, root: " + root + ", php: {memory_limit: 99M}}"));
    }

    @Test
    void whoKeepsItsSessionsElsewhereHasNoFolder() throws IOException {
        assertEquals(
                "[PATH=" + root + "]\nmemory_limit = '99M'\n",
                ini("one: {root: " + root + ", php: {session.save_path: null, memory_limit: 99M}}"));
    }

    @Test
    void atTheRootOfAHostScriptsDecideOnTheirCookies() throws IOException {
        assertEquals("", ini("one: {root: " + root + ", php: {session.save_path: null}}"));
    }

    @Test
    void belowAMountedRootTheCookieIsTheHostsAgain() throws IOException {
        Path inner = Files.createDirectory(root.resolve("inner"));
        String text = ini("one: {mount: /x, root: " + root + "}, two: {root: " + inner + "}");
        String section = text.substring(text.indexOf("[PATH=" + inner + "]"));
        assertTrue(section.contains("session.cookie_path = '/'\n"), text);
    }

    @Test
    void oneRootAtTwoPlacesHasOneCookie() throws IOException {
        String text = ini("one: {mount: /x, root: " + root + "}, two: {mount: /y, root: " + root + "}");
        assertFalse(text.contains("cookie_path"), text);
        assertEquals(1, text.lines().filter(line -> line.startsWith("[PATH=")).count());
    }

    @Test
    void aSiteThatIsOnlyRulesHasNone() throws IOException {
        assertEquals("", ini("one: {rules: [{match: ^, status: 404}]}"));
    }

    /** Otherwise each start would be followed by another generation. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "sites: {one: {root: ROOT, pool: {children: 2}}}",
                "{sites: {one: {root: ROOT, pool: p}, two: {mount: /c, root: ROOT/c}}, pools: {p: {user: x}}}",
                "functions: {a: {pool: {ini: {memory_limit: 9M}}}}",
                "functions: {a: {timeout: 3s}}"
            })
    void workersThatWereStartedFromThePreviewKnowWhatIsLoaded(String yaml) throws IOException {
        FunctionFixture.php(directory, "a.php");
        FunctionFixture.php(root.resolve("c"), "index.php");
        FunctionRegistry loaded = load(yaml.replace("ROOT", root.toString()));
        FunctionRegistry preview = SitePreview.of(FunctionFixture.config(directory));
        assertEquals(yaml.contains("pool"), !loaded.pools().isEmpty());
        assertEquals(loaded.pools(), preview.pools());
        assertTrue(SiteIni.tellsTheSame(preview, loaded));
    }

    /** The section of a folder stands above what a pool has. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {session.save_path: /srv/sessions}; false
            {session.save_handler: redis}; false
            {memory_limit: 9M}; true
            FILE  session.save_handler=redis; false
            FILEsession.save_path = /srv/sessions; false
            FILEsession.save_pathology = 1; true
            FILEx = session.save_path = 1; true
            """)
    void aPoolThatPlacesItsSessionsHasNoFolderForThem(String ini, boolean folder) throws IOException {
        Path file = directory.resolve("pool.ini").toAbsolutePath();
        Files.writeString(file, "memory_limit = 7M\n" + ini.replace("FILE", "") + "\n");
        String its = ini.startsWith("FILE") ? file.toString() : ini;
        FunctionRegistry loaded = load("sites: {one: {root: " + root + ", pool: {ini: " + its + "}}}");
        String text = SiteIni.of(loaded, loaded.pools().get("site:one"), site -> Path.of("/state", site));
        assertEquals(folder, text.contains("session.save_path = '/state/one'"), text);
        assertEquals(folder, text.contains("session.gc_probability"), text);
    }

    @Test
    void aFileThatIsWrongSaysNothingYet() throws IOException {
        Files.writeString(directory.resolve("functions.yaml"), "sites: {one: {rot: /}}");
        assertEquals(0, SitePreview.of(FunctionFixture.config(directory)).size());
    }
}
