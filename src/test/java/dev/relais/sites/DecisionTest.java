package dev.relais.sites;

import static dev.relais.functions.FunctionFixture.link;
import static dev.relais.functions.FunctionFixture.php;
import static dev.relais.functions.FunctionFixture.write;
import static dev.relais.sites.Place.Kind.DENIED;
import static dev.relais.sites.Place.Kind.FILE;
import static dev.relais.sites.Place.Kind.NONE;
import static dev.relais.sites.Place.Kind.OUTSIDE;
import static dev.relais.sites.Place.Kind.REDIRECT;
import static dev.relais.sites.Place.Kind.REFUSED;
import static dev.relais.sites.Place.Kind.SCRIPT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Pattern;
import dev.relais.AddressRanges;
import dev.relais.http.RequestTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecisionTest {
    @TempDir
    Path temporary;

    private Path root;
    private String mount = "";
    private String client = "192.0.2.1";
    private boolean internal;
    private List<Alias> aliases = List.of();
    private final PathSettings.Builder all = new PathSettings.Builder();
    private final List<PathRules.Entry> some = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();

    @BeforeEach
    void makeSite() throws IOException {
        root = temporary.toRealPath().resolve("site");
        for (String script :
                List.of("index.php", "info.php", "admin/index.php", "uploads/evil.php", "core/install.php")) {
            php(root, script);
        }
        for (String file : List.of("s.css", "uploads/x.jpg", "docs/index.html", "app.html")) {
            write(root.resolve(file), "x");
        }
    }

    private void path(String pattern, Consumer<PathSettings.Builder> settings) {
        PathSettings.Builder own = new PathSettings.Builder();
        settings.accept(own);
        some.add(new PathRules.Entry(glob(pattern), own.build()));
    }

    private static Glob glob(String pattern) {
        return Objects.requireNonNull(Glob.parse(pattern), pattern);
    }

    private void rule(String match, String to, int status) {
        rule(match, to, status, false);
    }

    private void rule(String match, String to, int status, boolean whenMissing, String... hosts) {
        Pattern pattern = Pattern.compile(match, Pattern.DOTALL);
        Template target = to == null ? null : Objects.requireNonNull(Template.parse(to, pattern), to);
        rules.add(new Rule(pattern, target, status, whenMissing, Set.of(hosts)));
    }

    private static Fallback fallback(String text) {
        return Objects.requireNonNull(Fallback.parse(text), text);
    }

    private Place find(String target, String... deny) {
        return find(target, true, deny);
    }

    private Place find(String target, boolean reads, String... deny) {
        PathRules built = new PathRules(
                all.build(), some, new DenyList(Stream.of(deny).map(Glob::parse).toList()), rules);
        Application site = new Application(
                mount,
                root,
                aliases,
                List.of(),
                built,
                new Site("site", List.of(), false, false, root, Map.of()),
                Map.of());
        RequestTarget parsed = Objects.requireNonNull(RequestTarget.parse(target));
        int slash =
                parsed.encodedSlash() == Integer.MAX_VALUE ? Integer.MAX_VALUE : parsed.encodedSlash() - mount.length();
        return site.find(new Asked(
                parsed.path().substring(mount.length()),
                slash,
                parsed.query(),
                target,
                "site.example",
                client,
                reads,
                internal,
                DecisionTest::read));
    }

    private static Asked read(String text, Asked before) {
        RequestTarget target = RequestTarget.parse(text);
        return target == null ? null : before.at(target.path(), target.encodedSlash(), target.query());
    }

    private void runs(String target, String script, String pathInfo, String query) {
        Place place = find(target);
        assertEquals(SCRIPT, place.kind(), target);
        assertEquals(script, place.script());
        assertEquals(pathInfo, place.pathInfo());
        assertEquals(query, place.query());
    }

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

    /** The mount is a part of the target as it was sent, and is put before each target of the site. */
    @ParameterizedTest
    @CsvSource({
        "'',    {uri},                  /old/a%20b?x=1,              /old/a%20b?x=1",
        "/blog, {uri},                  /blog/old/a%20b?x=1,         /blog/old/a%20b?x=1",
        "/blog, /new{uri},              /blog/old/a?x=1,             /blog/new/old/a?x=1",
        "/blog, /new{uri},              /b%6Cog//old/./a?x=1,        /blog/new/old/a?x=1",
        "/blog, /new{uri},              /blog/old/a%2Fb,             /blog/new/old/a%2Fb",
        "/blog, https://x.example{uri}, /blog/old/a?x=1,             https://x.example/blog/old/a?x=1",
        "/blog, /new?from={uri},        /blog/old/a?x=1,             /blog/new?from=%2Fblog%2Fold%2Fa%3Fx%3D1",
    })
    void theTargetBelowAMountHasItOnce(String at, String to, String target, String location) {
        mount = at;
        rule("^/old/", to, 301);

        assertEquals(location, find(target).location());
    }

    @Test
    void aRewriteToTheTargetBelowAMountHasNoMount() {
        mount = "/blog";
        rule("^/install\\.php$", "/core{uri}", 0);

        assertEquals("/core/install.php", find("/blog/install.php").script());
    }

    @Test
    void eachErrorOfAStepHasThePageOfTheSite() throws IOException {
        Files.createSymbolicLink(root.resolve("out.txt"), write(temporary.resolve("out.txt"), "x"));
        assertEquals(OUTSIDE, find("/out.txt").kind());
        assertEquals(REFUSED, find("/s.css", false).kind());
        assertEquals(405, find("/s.css", false).status());
        all.errorPages(Map.of(403, "/app.html", 405, "/info.php"));

        Place outside = find("/out.txt");
        assertEquals(FILE, outside.kind());
        assertEquals(403, outside.status());
        Place method = find("/s.css", false);
        assertEquals(SCRIPT, method.kind());
        assertEquals(405, method.status());
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

    @ParameterizedTest
    @ValueSource(strings = {"//data//x", "/./data/x", "/a/../data/x", "/data%2fx", "/%64ata/x", "/DATA/x", "/data"})
    void whatIsDeniedIsDeniedHoweverItIsWritten(String target) {
        assertEquals(DENIED, find(target, "data/").kind());
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
    void noScriptAnswersBelowAPathInMaintenance() {
        path("shop/", own -> own.maintenance(true));
        assertEquals(503, find("/shop/x").status());
        runs("/other", "/index.php", "", "");
    }

    @Test
    void whoMayNotAskTheFrontControllerMayNotByAnotherPath() {
        path("*.php", own -> own.allowFrom(new AddressRanges(List.of("10.0.0.0/8"))));
        for (String target : new String[] {"/", "/nothing", "/index.php"}) {
            assertEquals(403, find(target).status(), target);
        }
    }

    @Test
    void noRedirectLeadsToAnotherHost() {
        rule("\\.html$", "{uri}", 302);
        for (String target :
                new String[] {"/\\evil.example/a.html", "//evil.example/a.html", "/\\/evil.example/a.html"}) {
            String location = find(target).location();
            assertTrue(location.startsWith("/") && !location.startsWith("//") && !location.startsWith("/\\"), location);
        }
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
    void whatIsInternalIsNotThere() {
        path("docs/", own -> own.internal(true));
        assertEquals(NONE, find("/docs/index.html").kind());
        assertEquals(NONE, find("/docs/").kind());
    }

    @Test
    void aRuleRewritesOnceAndEndsTheList() {
        rule("^/a/(.*)$", "/info.php?media=$1", 0);
        rule("^/info", null, 403);
        runs("/a/b%20c%26d/e?x=1", "/info.php", "", "media=b%20c%26d%2Fe&x=1");
        assertEquals(REFUSED, find("/info.php").kind());
        assertEquals(403, find("/info.php").status());
    }

    @Test
    void aRewrittenPathIsRefusedAsAnyOther() {
        rule("^/x/(.*)$", "/$1", 0);
        assertEquals(DENIED, find("/x/.git/HEAD").kind());
        assertEquals(DENIED, find("/x/data/y", "data/").kind());
        assertEquals(DENIED, find("/x/data%2fy", "data/").kind());
        assertEquals(FILE, find("/x/s.css").kind());
        runs("/x/s%2ecss%2f", "/index.php", "", "");
    }

    @Test
    void aRewriteOutOfTheRootIsNothing() {
        rule("^/(\\.[.a])x/(.*)$", "/$1/$2", 0);
        assertEquals(NONE, find("/..x/etc/passwd").kind());
    }

    @ParameterizedTest
    @CsvSource({
        "/old/a%20b?x=1,         /new/a%20b?x=1",
        "/old/%0d%0aSet-Cookie,  /new/%0D%0ASet-Cookie",
        "/old/%C3%A9,            /new/%C3%A9",
    })
    void aRedirectIsEncoded(String target, String location) {
        rule("^/old/(.*)$", "/new/$1", 301);
        assertEquals(REDIRECT, find(target).kind());
        assertEquals(location, find(target).location());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"//evil.example/..%2fadmin/", "/%2Fevil.example/", "/%2f%2fevil.example/", "/%5Cevil.example/"})
    void noRedirectLeadsToAHostThatAClientNames(String target) {
        RequestTarget parsed = RequestTarget.parse(target);
        rule("^/(.+)/$", "/$1", 301);
        if (parsed != null) {
            String location = String.valueOf(find(target).location());
            assertEquals(-1, location.indexOf("//"), location);
            assertEquals(-1, location.indexOf('\\'), location);
        }
    }

    @Test
    void aRuleForWhatIsMissingLeavesWhatIsThere() {
        rule("^/(.+)/$", "/$1", 301, true);
        assertEquals("/blog/1", find("/blog/1/").location());
        runs("/admin/", "/admin/index.php", "", "");
    }

    @Test
    void aRuleHoldsForItsHosts() {
        rule("^", "https://www.site.example{uri}", 301, false, "other.example");
        runs("/a", "/index.php", "", "");
        rule("^", "https://www.site.example{uri}", 301, false, "site.example");
        assertEquals("https://www.site.example/a%2Fb?x=1", find("/a%2Fb?x=1").location());
    }

    @Test
    void aRedirectBelowAMountStaysThere() {
        mount = "/blog";
        rule("^/old$", "/new", 301);
        assertEquals("/blog/new", find("/blog/old").location());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http:/x",
                "https://$1/",
                "https://a.example$1",
                "//evil.example",
                "/a b",
                "/$2",
                "/x#y",
                "/x\r\ny",
                "x",
                "javascript:alert(1)",
                "https://a.example\\x",
                "https://a@b/"
            })
    void whatIsNoTargetIsRefused(String text) {
        assertEquals(null, Template.parse(text, Pattern.compile("(a)")));
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
    void anErrorMayHaveAPage() throws IOException {
        write(root.resolve("404.html"), "x");
        all.fallback(fallback("404"));
        all.errorPages(Map.of(404, "/404.html", 403, "/index.php", 410, "/missing.html"));
        rule("^/closed", null, 403);
        rule("^/gone", null, 410);

        assertEquals(FILE, find("/nothing").kind());
        assertEquals(404, find("/nothing").status());
        assertEquals(root.resolve("404.html"), find("/.git/x").file());
        assertEquals("hidden", find("/.git/x").rule());
        assertEquals("/index.php", find("/closed").script());
        assertEquals(403, find("/closed").status());
        assertEquals(REFUSED, find("/gone").kind());
        assertEquals(NONE, find("/nothing", "404.html").kind());
    }

    @Test
    void inMaintenanceNoScriptRuns() throws IOException {
        all.maintenance(true);
        assertEquals(503, find("/").status());
        assertEquals(REFUSED, find("/info.php").kind());
        assertEquals(FILE, find("/s.css").kind());
        write(root.resolve("down.html"), "x");
        all.errorPages(Map.of(503, "/down.html"));
        assertEquals(root.resolve("down.html"), find("/a").file());
        all.errorPages(Map.of(503, "/info.php"));
        assertEquals(REFUSED, find("/a").kind());
    }

    @Test
    void onlySomeClientsAreAdmitted() throws IOException {
        path("docs/", own -> own.allowFrom(new AddressRanges(List.of("10.0.0.0/8", "2001:db8::/32"))));
        link(root.resolve("linked.html"), "docs/index.html");
        for (String target : List.of("/docs/", "/docs/index.html", "/docs", "/DOCS/x", "/linked.html")) {
            assertEquals(403, find(target).status(), target);
        }
        assertEquals(FILE, find("/s.css").kind());
        client = "10.1.2.3";
        assertEquals(FILE, find("/docs/").kind());
        client = "2001:db8::7";
        assertEquals(FILE, find("/linked.html").kind());

        client = "192.0.2.1";
        rule("^/old$", "/new", 301);
        all.allowFrom(new AddressRanges(List.of("192.0.2.2")));
        assertEquals(403, find("/old").status());
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

    @Test
    void aScriptMayNameWhatIsInternal() {
        path("docs/", own -> own.internal(true));
        rule("^/docs", "/s.css", 0);
        internal = true;
        assertEquals(root.resolve("docs/index.html"), find("/docs/index.html").file());
    }
}
