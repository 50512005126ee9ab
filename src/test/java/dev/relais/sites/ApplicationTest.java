package dev.relais.sites;

import static dev.relais.functions.FunctionFixture.link;
import static dev.relais.functions.FunctionFixture.php;
import static dev.relais.functions.FunctionFixture.write;
import static dev.relais.sites.Place.Kind.DENIED;
import static dev.relais.sites.Place.Kind.FILE;
import static dev.relais.sites.Place.Kind.OUTSIDE;
import static dev.relais.sites.Place.Kind.REDIRECT;
import static dev.relais.sites.Place.Kind.SCRIPT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
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
        return application(links, "data/", "install.php", "*.bak.txt");
    }

    private Application application(List<Path> links, String... deny) {
        List<Glob> globs = Stream.of(deny).map(Glob::parse).toList();
        return new Application("/api/app", root, List.of(), links, PathRules.of(new DenyList(globs)), null, Map.of());
    }

    private static Place find(Application application, String path) {
        return application.find(asked(path));
    }

    private Place find(String path) {
        return find(application, path);
    }

    private static Asked asked(String path) {
        return new Asked(path, Integer.MAX_VALUE, "a=b", path, "", "", true, false, (target, before) -> null);
    }

    /** Whether it is the front controller that answers, which gets nothing as PATH_INFO. */
    private static void isTheFrontControllers(Application application, String path) {
        Place place = find(application, path);
        assertEquals(SCRIPT, place.kind(), path);
        assertEquals("/index.php", place.script(), path);
        assertEquals("", place.pathInfo(), path);
        assertEquals("a=b", place.query(), path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/style.css", "/a b.txt", "/vendor/lib/a.css"})
    void aFileThatIsThereIsServed(String path) {
        assertEquals(FILE, find(path).kind());
        assertEquals(root.resolve(path.substring(1)), find(path).file());
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
        assertEquals(SCRIPT, find(path).kind());
        assertEquals(root.resolve(script.substring(1)), find(path).file());
        assertEquals(script, find(path).script());
        assertEquals(pathInfo, find(path).pathInfo());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/lib", "/docs"})
    void aFolderWithAnIndexWantsItsSlash(String path) {
        assertEquals(REDIRECT, find(path).kind());
        assertEquals("/api/app" + path + "/?a=b", find(path).location());
        assertEquals(301, find(path).status());
    }

    @Test
    void aFoldersPageIsServed() {
        assertEquals(root.resolve("docs/index.html"), find("/docs/").file());
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
        isTheFrontControllers(application, path);
    }

    @Test
    void aNameThatNoFileCanHaveIsTheFrontControllers() {
        isTheFrontControllers(application, "/" + "x".repeat(5_000));
        isTheFrontControllers(application, "/a\0b");
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
        assertEquals(DENIED, find(path).kind());
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

        assertEquals(DENIED, find("/" + name).kind());
    }

    @Test
    void wellKnownFilesAreServed() throws IOException {
        write(root.resolve(".well-known/security.txt"), "x");

        assertEquals(FILE, find("/.well-known/security.txt").kind());
        assertEquals(DENIED, find("/.well-known/.x").kind());
    }

    @Test
    void aLinkThatLeadsOutIsServedOnlyWhereItMay() throws IOException {
        link(root.resolve("theme"), elsewhere.toString());
        link(root.resolve("page.php"), php(elsewhere, "page.php").toString());

        assertEquals(OUTSIDE, find("/theme/theme.css").kind());
        assertEquals(OUTSIDE, find("/page.php").kind());
        Application allowing = application(List.of(elsewhere));
        assertEquals(
                elsewhere.resolve("theme.css"),
                find(allowing, "/theme/theme.css").file());
        assertEquals(elsewhere.resolve("page.php"), find(allowing, "/page.php").file());
    }

    @Test
    void aLinkInsideDoesNotGetRoundTheDenyList() throws IOException {
        link(root.resolve("public.txt"), "data/pages/a.txt");
        link(root.resolve("public.php"), "data/secret.php");
        link(root.resolve("plain"), "index.php");

        assertEquals(DENIED, find("/public.txt").kind());
        assertEquals(DENIED, find("/public.php").kind());
        assertEquals(DENIED, find("/plain").kind());
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
        Place place = find(application(List.of(), entry), path);

        assertEquals(DENIED, place.kind());
        assertEquals("deny: " + Glob.parse(entry), place.rule());
    }

    @ParameterizedTest
    @CsvSource({"data, /database.txt", "dat, /data/pages/a.txt", "pages, /data/pages/a.txt", "*.tx, /data/pages/a.txt"})
    void anEntryDeniesNothingThatOnlyLooksLikeIt(String entry, String path) throws IOException {
        write(root.resolve("database.txt"), "x");

        assertEquals(FILE, find(application(List.of(), entry), path).kind());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "./",
                "/",
                "/data",
                "..",
                "data/../x",
                "*",
                "**",
                "*/**",
                "{a,..}",
                "{*,b}",
                "{a",
                "a}",
                "a\\\\b",
                "a\nb",
                "./."
            })
    void anEntryThatCouldDenyNothingOrAllIsNone(String entry) {
        assertNull(Glob.parse(entry.translateEscapes()));
    }

    @Test
    void denyingAllScriptsLeavesTheFrontController() {
        Application closed = application(List.of(), "*.php");

        assertEquals(root.resolve("index.php"), find(closed, "/").file());
        isTheFrontControllers(closed, "/");
        isTheFrontControllers(closed, "/blog/1");
        for (String path : List.of("/doku.php", "/doku.php/start", "/index.php", "/lib/", "/lib/exe/css.php")) {
            assertEquals(DENIED, find(closed, path).kind(), path);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"secret.php", "secret.inc", ".secret", "secret.php.bak", ".hidden/secret.css", "secret.sql"})
    void aLinkWhoseTargetIsSourceOrHiddenIsDeniedWhereverItMayLead(String target) throws IOException {
        link(root.resolve("logo.png"), write(elsewhere.resolve(target), "x").toString());
        link(root.resolve("inside.png"), write(root.resolve(target), "x").toString());

        assertEquals(DENIED, find(application(List.of(elsewhere)), "/logo.png").kind());
        assertEquals(
                DENIED, find(application(List.of(elsewhere)), "/inside.png").kind());
    }

    @Test
    void aSourceIsDeniedAlsoWhereALinkMayLeadToItAlone() throws IOException {
        Path target = write(elsewhere.resolve("secret.inc"), "x");
        link(root.resolve("logo.png"), target.toString());

        assertEquals(DENIED, find(application(List.of(target)), "/logo.png").kind());
    }

    @Test
    void aLinkToALibrarysScriptIsDeniedWhereverItMayLead() throws IOException {
        link(root.resolve("eval.php"), php(elsewhere, "Vendor/eval.php").toString());

        assertEquals(DENIED, find(application(List.of(elsewhere)), "/eval.php").kind());
    }

    @Test
    void pathsThatAreDeniedAreTheApplicationsOwn() throws IOException {
        link(
                root.resolve("uploads"),
                write(elsewhere.resolve("data/a.png"), "x").getParent().toString());

        assertEquals(
                FILE, find(application(List.of(elsewhere)), "/uploads/a.png").kind());
    }

    @Test
    void aChangeShowsAtTheNextLook() throws IOException {
        isTheFrontControllers(application, "/new.css");
        write(root.resolve("new.css"), "x");

        assertEquals(FILE, find("/new.css").kind());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/x.php", "/no/x.php", "/index.php/x.php", "/style.css/x.php"})
    void theDiskIsAskedOnceForAPathOfTwoThousandScripts(String name) {
        AtomicInteger asked = new AtomicInteger();
        ScriptWalk.end(name.repeat(2_600), Integer.MAX_VALUE, application::at, path -> {
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
        assertEquals("/old.php/page.php", find("/old.php/page.php/more").script());
    }

    @Test
    void whatIsDeniedStaysDeniedBehindAScriptThatIsNotThere() {
        assertEquals(DENIED, find("/data/no.php/x").kind());
    }
}
