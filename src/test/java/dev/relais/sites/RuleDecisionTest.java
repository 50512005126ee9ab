package dev.relais.sites;

import static dev.relais.sites.Place.Kind.DENIED;
import static dev.relais.sites.Place.Kind.FILE;
import static dev.relais.sites.Place.Kind.NONE;
import static dev.relais.sites.Place.Kind.REDIRECT;
import static dev.relais.sites.Place.Kind.REFUSED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Pattern;
import dev.relais.http.RequestTarget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the rules of a site redirect and rewrite, and where to. */
class RuleDecisionTest extends DecisionFixture {
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
    void noRedirectLeadsToAnotherHost() {
        rule("\\.html$", "{uri}", 302);
        for (String target :
                new String[] {"/\\evil.example/a.html", "//evil.example/a.html", "/\\/evil.example/a.html"}) {
            String location = find(target).location();
            assertTrue(location.startsWith("/") && !location.startsWith("//") && !location.startsWith("/\\"), location);
        }
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
}
