package dev.relais.sites;

import static dev.relais.functions.FunctionFixture.link;
import static dev.relais.functions.FunctionFixture.php;
import static dev.relais.functions.FunctionFixture.write;
import static dev.relais.sites.Place.Kind.DENIED;
import static dev.relais.sites.Place.Kind.FILE;
import static dev.relais.sites.Place.Kind.NONE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script, file or folder that a path leads to. */
class PathDecisionTest extends DecisionFixture {
    @ParameterizedTest
    @CsvSource({
        "/,                    /index.php,       '',   ''",
        "/a/b?x=1,             /index.php,       '',   x=1",
        "/index.php/a/b,       /index.php,       /a/b, ''",
        "/admin/,              /admin/index.php, '',   ''",
        "/index.php/a%2Fb,     /index.php,       /a/b, ''",
        "/x?y=a.php/b,         /index.php,       '',   y=a.php/b",
        "/s.css%2F,            /index.php,       '',   ''",
        "/uploads/,            /index.php,       '',   ''",
    })
    void aPathIsAScriptOrTheFallback(String target, String script, String pathInfo, String query) {
        runs(target, script, pathInfo, query);
    }

    @Test
    void aScriptThatIsNotThereIsNotTheFallbacks() {
        assertEquals(NONE, find("/nope.php").kind());
        assertEquals(NONE, find("/nope.php/x").kind());
        assertEquals(NONE, find("/uploads/x.jpg/foo.php").kind());

        all.missingToFallback(true);
        runs("/nope.php", "/index.php", "", "");
    }

    @Test
    void aScriptThatMayNotRunIsAsIfItWereNotThere() throws IOException {
        path("uploads/", own -> own.scripts(Scripts.NONE));
        link(root.resolve("linked.php"), "uploads/evil.php");

        assertEquals(NONE, find("/uploads/evil.php").kind());
        assertEquals(NONE, find("/uploads/evil.php/x").kind());
        assertEquals(NONE, find("/linked.php").kind());
        assertEquals(FILE, find("/uploads/x.jpg").kind());
        runs("/uploads/none.png", "/index.php", "", "");
    }

    @Test
    void aListOfScriptsIsExact() {
        all.scripts(new Scripts(List.of(glob("index.php"), glob("core/*.php"))));

        assertEquals(NONE, find("/info.php").kind());
        runs("/core/install.php", "/core/install.php", "", "");
        runs("/other", "/index.php", "", "");
    }

    @Test
    void aFolderWithoutItsSlashIsRedirectedWithTheQuery() {
        assertEquals("/admin/?x=1", find("/admin?x=1").location());
        assertEquals(301, find("/admin").status());
        assertEquals(308, find("/admin", false).status());
        mount = "/blog";
        assertEquals("/blog/admin/", find("/blog/admin").location());
        assertEquals("/blog/?a=b", find("/blog?a=b").location());
    }

    @Test
    void theFallbackMayGetThePathOrBeAFile() {
        all.fallback(fallback("/index.php{path}"));
        runs("/a/b?x=1", "/index.php", "/a/b", "x=1");
        runs("/", "/index.php", "", "");
        all.fallback(fallback("/info.php?id={path}"));
        runs("/wiki/a%26b?x=1", "/info.php", "", "id=%2Fwiki%2Fa%26b&x=1");
        all.fallback(fallback("/app.html"));
        assertEquals(root.resolve("app.html"), find("/deep/link").file());
        all.fallback(fallback("404"));
        assertEquals(NONE, find("/deep/link").kind());
    }

    @Test
    void aFallbackThatIsMissingOrDeniedIsNotFoundOnce() {
        all.fallback(fallback("/missing.php"));
        assertEquals(NONE, find("/x").kind());
        all.fallback(fallback("/info.php"));
        assertEquals(DENIED, find("/x", "info.php").kind());
    }

    /** Neither as the fallback nor as the index of a folder; and a link in its place is judged by what it leads to. */
    @Test
    void theFrontControllerRunsOnlyWhereScriptsMay() throws IOException {
        all.scripts(Scripts.NONE);
        for (String target : new String[] {"/", "/nothing", "/index.php"}) {
            assertEquals(NONE, find(target).kind(), target);
        }
        all.scripts(Scripts.ALL);
        path("uploads/", own -> own.scripts(Scripts.NONE));
        Files.delete(root.resolve("index.php"));
        Files.createSymbolicLink(root.resolve("index.php"), root.resolve("uploads/evil.php"));
        assertEquals(NONE, find("/nothing").kind());
        assertEquals(NONE, find("/").kind());
    }

    @Test
    void aLaterEntryOfPathsWins() {
        path("*.jpg", own -> own.cacheControl("max-age=1"));
        path("uploads/", own -> {
            own.cacheControl("max-age=2");
            own.fallback(Fallback.NOT_FOUND);
        });

        assertEquals("max-age=2", find("/uploads/x.jpg").settings().cacheControl());
        assertEquals(NONE, find("/uploads/missing").kind());
        assertEquals(FILE, find("/s.css").kind());
    }

    @Test
    void documentRootAndScriptNameNameTheScriptWhereTheyCan() {
        Application inside = new Application(
                "/blog", Path.of("/srv/blog"), List.of(), List.of(), PathRules.of(DenyList.NONE), null, Map.of());
        Application alias = new Application(
                "/blog", Path.of("/app"), List.of(), List.of(), PathRules.of(DenyList.NONE), null, Map.of());

        assertEquals("/srv", inside.documentRoot());
        assertEquals("/app", alias.documentRoot());
    }

    @Test
    void somePathsMayHaveAnotherFolder() throws IOException {
        Path other = temporary.toRealPath().resolve("other");
        write(other.resolve("a.css"), "x");
        write(other.resolve(".secret"), "x");
        php(other, "index.php");
        php(other, "sub/run.php");
        link(other.resolve("out.txt"), "../site/s.css");
        link(other.resolve("away.txt"), "/etc/hostname");
        aliases = List.of(new Alias("/files/", other));

        assertEquals(other.resolve("a.css"), find("/files/a.css").file());
        assertEquals("/files/", find("/files").location());
        runs("/files/", "/files/index.php", "", "");
        runs("/files/sub/run.php/x", "/files/sub/run.php", "/x", "");
        runs("/filesx", "/index.php", "", "");
        assertEquals(root.resolve("s.css"), find("/files/out.txt").file());
        assertEquals(Place.Kind.OUTSIDE, find("/files/away.txt").kind());
        assertEquals(DENIED, find("/files/.secret").kind());
        assertEquals(DENIED, find("/files/a.css", "files/").kind());
        assertEquals(NONE, find("/files/../files/nope.php").kind());

        path("files/", own -> own.scripts(Scripts.NONE));
        assertEquals(NONE, find("/files/sub/run.php").kind());
    }
}
