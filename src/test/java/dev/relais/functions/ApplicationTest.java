package dev.relais.functions;

import static dev.relais.functions.Application.Kind.DENIED;
import static dev.relais.functions.Application.Kind.FILE;
import static dev.relais.functions.Application.Kind.FOLDER;
import static dev.relais.functions.Application.Kind.NONE;
import static dev.relais.functions.Application.Kind.OUTSIDE;
import static dev.relais.functions.Application.Kind.SCRIPT;
import static dev.relais.functions.FunctionFixture.link;
import static dev.relais.functions.FunctionFixture.php;
import static dev.relais.functions.FunctionFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApplicationTest {
    @TempDir
    Path temporary;

    private Path root;
    private Path elsewhere;
    private Application application;

    @BeforeEach
    void makeApplication() throws IOException {
        root = temporary.toRealPath().resolve("app");
        elsewhere = temporary.toRealPath().resolve("elsewhere");
        for (String script : List.of("index.php", "doku.php", "lib/exe/css.php", "lib/index.php", "x.phpx/y.php")) {
            php(root, script);
        }
        php(root, "vendor/lib/eval.php");
        php(root, "data/secret.php");
        for (String file : List.of("style.css", "a b.txt", "docs/index.html", "empty/sub/x.css", "vendor/lib/a.css")) {
            write(root.resolve(file), "x");
        }
        write(root.resolve("data/pages/a.txt"), "x");
        write(elsewhere.resolve("theme.css"), "x");
        application = application(List.of());
    }

    private Application application(List<Path> links) {
        return new Application(root, links, new DenyList(List.of("data/", "install.php", "*.bak.txt")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/style.css", "/a b.txt", "/vendor/lib/a.css"})
    void aFileThatIsThereIsServed(String path) {
        assertEquals(
                new Application.Place(FILE, root.resolve(path.substring(1)), null, null, null), application.find(path));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "/doku.php,              /doku.php,        ''",
                "/doku.php/wiki/a.php,   /doku.php,        /wiki/a.php",
                "/doku.php/,             /doku.php,        /",
                "/doku.php/data/.x,      /doku.php,        /data/.x",
                "/lib/exe/css.php/1,     /lib/exe/css.php, /1",
                "/lib/,                  /lib/index.php,   ''",
                "/,                      /index.php,       ''",
                "/x.phpx/y.php,          /x.phpx/y.php,    ''",
            })
    void aScriptThatIsThereIsRunWithWhatFollowsIt(String path, String script, String pathInfo) {
        assertEquals(
                new Application.Place(SCRIPT, root.resolve(script.substring(1)), script, pathInfo, null),
                application.find(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/lib", "/docs"})
    void aFolderWithAnIndexWantsItsSlash(String path) {
        assertEquals(FOLDER, application.find(path).kind());
    }

    @Test
    void aFoldersPageIsServed() {
        assertEquals(root.resolve("docs/index.html"), application.find("/docs/").file());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/blog/1",
                "/missing.php",
                "/style.css/",
                "/style.css/x",
                "/empty",
                "/empty/",
                "/Style.css",
                "/x.phpx",
                "/missing.yml"
            })
    void whatIsNotThereIsTheFrontControllers(String path) {
        assertEquals(NONE, application.find(path).kind());
    }

    @Test
    void aNameThatNoFileCanHaveIsTheFrontControllers() {
        assertEquals(NONE, application.find("/" + "x".repeat(5_000)).kind());
        assertEquals(NONE, application.find("/a\0b").kind());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.git/config",
                "/.htaccess",
                "/lib/.env",
                "/../elsewhere/theme.css",
                "/data/pages/a.txt",
                "/data",
                "/data/",
                "/data/secret.php",
                "/install.php",
                "/vendor/lib/eval.php",
                "/lib/x.bak.txt",
                "/data/nothing"
            })
    void whatIsDeniedIsNotServed(String path) {
        assertEquals(DENIED, application.find(path).kind());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.php~",
                "a.PHP",
                "a.php.bak",
                "a.inc",
                "a.phtml",
                "composer.json",
                "composer.lock",
                "x.sql",
                "x.yml.orig",
                "#x#",
                ".x.swp",
                "x.ini",
                "a.php5",
                "db.sqlite"
            })
    void sourcesAndLeftoversThatAreThereAreNotServed(String name) throws IOException {
        write(root.resolve(name), "x");

        assertEquals(DENIED, application.find("/" + name).kind());
    }

    @Test
    void wellKnownFilesAreServed() throws IOException {
        write(root.resolve(".well-known/security.txt"), "x");

        assertEquals(FILE, application.find("/.well-known/security.txt").kind());
        assertEquals(DENIED, application.find("/.well-known/.x").kind());
    }

    @Test
    void aLinkThatLeadsOutIsServedOnlyWhereItMay() throws IOException {
        link(root.resolve("theme"), elsewhere.toString());
        link(root.resolve("page.php"), php(elsewhere, "page.php").toString());

        assertEquals(OUTSIDE, application.find("/theme/theme.css").kind());
        assertEquals(OUTSIDE, application.find("/page.php").kind());
        Application allowing = application(List.of(elsewhere));
        assertEquals(
                elsewhere.resolve("theme.css"),
                allowing.find("/theme/theme.css").file());
        assertEquals(elsewhere.resolve("page.php"), allowing.find("/page.php").file());
    }

    @Test
    void aLinkInsideDoesNotGetRoundTheDenyList() throws IOException {
        link(root.resolve("public.txt"), "data/pages/a.txt");
        link(root.resolve("public.php"), "data/secret.php");
        link(root.resolve("plain"), "index.php");

        assertEquals(DENIED, application.find("/public.txt").kind());
        assertEquals(DENIED, application.find("/public.php").kind());
        assertEquals(DENIED, application.find("/plain").kind());
    }

    @ParameterizedTest
    @CsvSource({
        "data,          /data/pages/a.txt",
        "data,          /data",
        "./data,        /data/pages/a.txt",
        ".//data//,     /data/pages/a.txt",
        "data/./pages/, /data/pages/a.txt",
        "data,          /data/nothing",
        "style.css,     /style.css",
        "STYLE.CSS,     /style.css",
        "doku.php,      /doku.php/start",
        "*.css,         /style.css",
        "*.CSS,         /style.css",
        "lib,           /lib/",
        "docs,          /docs/",
    })
    void whatAnEntryNamesAndWhatIsBelowIsDenied(String entry, String path) {
        DenyList deny = new DenyList(List.of(DenyList.normalised(entry)));
        Application.Place place = new Application(root, List.of(), deny).find(path);

        assertEquals(DENIED, place.kind());
        assertEquals("deny: " + DenyList.normalised(entry), place.rule());
    }

    @ParameterizedTest
    @CsvSource({"data, /database.txt", "dat, /data/pages/a.txt", "pages, /data/pages/a.txt", "*.tx, /data/pages/a.txt"})
    void anEntryDeniesNothingThatOnlyLooksLikeIt(String entry, String path) throws IOException {
        write(root.resolve("database.txt"), "x");

        assertEquals(
                FILE,
                new Application(root, List.of(), new DenyList(List.of(entry)))
                        .find(path)
                        .kind());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "./", "/", "/data", "..", "data/../x", "*", "**", "*/x", "a*b", "a\nb", "./."})
    void anEntryThatCouldDenyNothingOrAllIsNone(String entry) {
        assertNull(DenyList.normalised(entry.translateEscapes()));
    }

    @Test
    void denyingAllScriptsLeavesTheFrontController() {
        Application closed = new Application(root, List.of(), new DenyList(List.of("*.php")));

        assertEquals(SCRIPT, closed.find("/").kind());
        assertEquals(root.resolve("index.php"), closed.find("/").file());
        assertEquals(NONE, closed.find("/blog/1").kind());
        for (String path : List.of("/doku.php", "/doku.php/start", "/index.php", "/lib/", "/lib/exe/css.php")) {
            assertEquals(DENIED, closed.find(path).kind(), path);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"secret.php", "secret.inc", ".secret", "secret.php.bak", ".hidden/secret.css", "secret.sql"})
    void aLinkWhoseTargetIsSourceOrHiddenIsDeniedWhereverItMayLead(String target) throws IOException {
        link(root.resolve("logo.png"), write(elsewhere.resolve(target), "x").toString());
        link(root.resolve("inside.png"), write(root.resolve(target), "x").toString());

        assertEquals(DENIED, application(List.of(elsewhere)).find("/logo.png").kind());
        assertEquals(DENIED, application(List.of(elsewhere)).find("/inside.png").kind());
    }

    @Test
    void aSourceIsDeniedAlsoWhereALinkMayLeadToItAlone() throws IOException {
        Path target = write(elsewhere.resolve("secret.inc"), "x");
        link(root.resolve("logo.png"), target.toString());

        assertEquals(DENIED, application(List.of(target)).find("/logo.png").kind());
    }

    @Test
    void aLinkToALibrarysScriptIsDeniedWhereverItMayLead() throws IOException {
        link(root.resolve("eval.php"), php(elsewhere, "Vendor/eval.php").toString());

        assertEquals(DENIED, application(List.of(elsewhere)).find("/eval.php").kind());
    }

    @Test
    void pathsThatAreDeniedAreTheApplicationsOwn() throws IOException {
        link(
                root.resolve("uploads"),
                write(elsewhere.resolve("data/a.png"), "x").getParent().toString());

        assertEquals(
                FILE, application(List.of(elsewhere)).find("/uploads/a.png").kind());
    }

    @Test
    void aChangeShowsAtTheNextLook() throws IOException {
        assertEquals(NONE, application.find("/new.css").kind());
        write(root.resolve("new.css"), "x");

        assertEquals(FILE, application.find("/new.css").kind());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/x.php", "/no/x.php", "/index.php/x.php", "/style.css/x.php"})
    void theDiskIsAskedOnceForAPathOfTwoThousandScripts(String name) throws IOException {
        AtomicInteger asked = new AtomicInteger();
        application.script(name.repeat(2_600), path -> {
            asked.incrementAndGet();
            try {
                return Files.readAttributes(path, BasicFileAttributes.class);
            } catch (IOException e) {
                return null;
            }
        });
        assertEquals(1, asked.get());
    }

    @Test
    void aScriptInAFolderThatIsCalledLikeAScriptIsFound() throws IOException {
        php(root, "old.php/page.php");
        assertEquals(
                "/old.php/page.php", application.find("/old.php/page.php/more").script());
    }

    @Test
    void whatIsDeniedStaysDeniedBehindAScriptThatIsNotThere() {
        assertEquals(DENIED, application.find("/data/no.php/x").kind());
    }
}
