package dev.relais.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    private String ini(String sites) throws IOException {
        Files.writeString(directory.resolve("functions.yaml"), "sites: {" + sites + "}");
        FunctionRegistry preview = SitePreview.of(FunctionFixture.config(directory));
        FunctionRegistry loaded = new FunctionSource(
                        FunctionFixture.config(directory), null, 1, folder -> true, java.time.Clock.systemUTC())
                .load()
                .registry();
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

    @Test
    void aFileThatIsWrongSaysNothingYet() throws IOException {
        Files.writeString(directory.resolve("functions.yaml"), "sites: {one: {rot: /}}");
        assertEquals(0, SitePreview.of(FunctionFixture.config(directory)).size());
    }
}
