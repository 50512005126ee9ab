package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Client;
import dev.relais.testing.Http2Stream;
import dev.relais.testing.Protocol;
import dev.relais.testing.RawClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request of a site leads to, over HTTP/1.1 and HTTP/2. The names and files are those of {@link SitesResource}. */
@QuarkusTest
@TestProfile(SitesProfile.class)
class SitesTest extends RunningSites {
    /** The inputs at which other servers have run what is no script, or sent what is no file, with their right outcome. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "1  | /index.php/a/b                  | /index.php /a/b",
                "2  | /uploads/x.jpg/foo.php          | 404",
                "3  | /uploads/Evil.PHP               | 404",
                "3  | /INDEX.PHP                      | /index.php",
                "4  | /%C8%BA%C8%BA%C8%BA%C8%BAshell.php.txt.php | 404",
                "4  | /%E2%84%AAshell.ph%C5%BF        | /index.php",
                "4  | /info.p%E1%B5%B8p               | /index.php",
                "5  | /index.php%00                   | 400",
                "5  | /s.css%00.php                   | 400",
                "7  | /info.php%20                    | /index.php",
                "7  | /info.php.                      | /index.php",
                "7  | /info.php::$DATA                | /index.php",
                "7  | /info.php%5c                    | /index.php",
                "8  | /%2e%2e/x                       | 400",
                "8  | /..%2fx                         | 400",
                "8  | /a/..%2f..%2fx                  | 400",
                "9  | /%252e%252e/x                   | /index.php",
                "9  | /index%252ephp                  | /index.php",
                "9  | /index%2ephp                    | /index.php",
                "10 | /link.txt                       | 403",
                "10 | /linked/secret.txt              | 403",
                "10 | /linked/hidden.php              | 403",
                "12 | /.htaccess                      | 404",
                "12 | /%2ehtaccess                    | 404",
                "12 | /.git/HEAD                      | 404",
                "12 | /a/.svn/x                       | 404",
                "12 | /.user.ini                      | 404",
                "13 | /.well-known/acme-challenge/t   | token",
                "13 | /.well-known/caldav             | /index.php",
                "14 | /config.php~                    | 404",
                "14 | /x.php.bak                      | 404",
                "14 | /.x.php.swp                     | 404",
                "14 | /dump.sql                       | 404",
                "14 | /composer.lock                  | 404",
                "15 | /admin                          | 301 /admin/",
                "15 | /admin?x=1                      | 301 /admin/?x=1",
                "16 | //data//x                       | 404",
                "16 | /./data/x                       | 404",
                "16 | /a/../data/x                    | 404",
                "16 | /data%2fx                       | 404",
                "16 | /%64ata/x                       | 404",
                "16 | /DATA/x                         | 404",
                "17 | //index.php                     | /index.php",
                "17 | /index.php//a//b                | /index.php /a/b",
                "17 | /index.php/a%2Fb                | /index.php /a/b",
                "18 | /*.php                          | 404",
                "18 | /[i]ndex.php                    | 404",
                "18 | /{index,x}.php                  | 404",
                "18 | /index.ph?                      | /index.php",
                "19 | /x?y=a.php/b                    | /index.php",
                "20 | /s.css                          | body {}",
                "23 | /uploads/                       | /index.php",
                "23 | /admin/                         | /admin/index.php",
                "-  | /uploads/evil.php               | 404",
                "-  | /uploads/evil.php/x             | 404",
                "-  | /uploads/none.png               | /index.php",
                "-  | /nope.php                       | 404",
                "-  | /nope.php/x                     | 404",
                "-  | /                               | /index.php",
                "-  | /a/b?x=1                        | /index.php",
            })
    void anInputHasItsRightOutcome(String number, String target, String outcome) throws IOException {
        for (Protocol protocol : PROTOCOLS) {
            Answer answer = ask(protocol, "GET", "site.example", target);
            String text = answer.text();
            assertFalse(text.contains("secret"), text);
            String found = answer.status() == 301
                    ? "301 " + answer.header("Location")
                    : answer.status() != 200
                            ? Integer.toString(answer.status())
                            : text.startsWith("{")
                                    ? (JsonPath.from(text).getString("SCRIPT_NAME") + " "
                                                    + JsonPath.from(text).getString("PATH_INFO"))
                                            .strip()
                                    : text.strip();
            assertEquals(outcome, found, protocol + " " + target);
            if (text.startsWith("{") && answer.status() == 200) {
                assertEquals(target, JsonPath.from(text).getString("REQUEST_URI"));
            }
        }
    }

    @Test
    void aFolderIsRedirectedForPostWithoutLosingTheForm() throws IOException {
        for (Protocol protocol : PROTOCOLS) {
            Answer answer = ask(protocol, "POST", "site.example", "/admin?x=1", "Content-Length", "0");
            assertEquals(308, answer.status());
            assertEquals("/admin/?x=1", answer.header("Location"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a b", "/a\tb", "/a\u0001b"})
    void aRawBlankOrControlCharacterInThePathIsRefused(String target) throws IOException {
        try (RawClient client = connect()) {
            assertEquals(
                    400,
                    client.send("GET " + target + " HTTP/1.1\r\nHost: site.example\r\n\r\n")
                            .answer()
                            .status());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SITE.example",
                "Site.Example.",
                "site.example:8443",
                "www.site.example",
                "a.wild.example",
                "a.b.WILD.example:80"
            })
    void aHostIsTheSameHoweverItIsWritten(String host) throws IOException {
        for (Protocol protocol : PROTOCOLS) {
            assertEquals("body {}\n", ask(protocol, "GET", host, "/s.css").text(), host);
        }
    }

    @Test
    void aHostThatNoSiteNamesHasTheFunctionsAndNothingElse() throws IOException {
        for (Protocol protocol : PROTOCOLS) {
            assertEquals(
                    200, ask(protocol, "GET", "other.example", "/api/hello").status());
            assertEquals(
                    404, ask(protocol, "GET", "other.example", "/api/nothing").status());
            Answer answer = ask(protocol, "GET", "other.example", "/s.css");
            assertEquals(421, answer.status());
            assertTrue(answer.text().contains("urn:relais:problem:host-not-found"), answer.text());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "..", "a\"b<c", "site:abc", "a..b", ".site.example", "site.example@x"})
    void aHostThatIsNoneIsRefused(String host) throws IOException {
        assertEquals(400, at(host, "/s.css").status());
    }

    @Test
    void noHostAndTwoHostsAreRefused() throws IOException {
        assertEquals(400, ask("GET /s.css HTTP/1.1").status());
        assertEquals(
                400,
                ask("GET /s.css HTTP/1.1", "Host: site.example", "Host: site.example")
                        .status());
    }

    @Test
    void aSiteOwnsItsApiUnlessItHasTheFunctions() throws IOException {
        assertEquals("/index.php", seen("site.example", "/api/hello").getString("SCRIPT_NAME"));
        assertEquals(
                "{\"hello\":\"world\"}", at("wiki.example", "/api/hello").text().strip());
        assertEquals("/info.php", seen("wiki.example", "/api/nothing").getString("SCRIPT_NAME"));
    }

    @Test
    void theVariablesAreThoseOfNginx() throws IOException {
        JsonPath seen = seen("WWW.site.example:8443", "/a%20b/c?x=1");
        Path root = base.resolve("table");

        assertEquals("/index.php", seen.getString("SCRIPT_NAME"));
        assertEquals("/index.php", seen.getString("DOCUMENT_URI"));
        assertEquals("/index.php", seen.getString("PHP_SELF"));
        assertEquals(root + "/index.php", seen.getString("SCRIPT_FILENAME"));
        assertEquals(root.toString(), seen.getString("DOCUMENT_ROOT"));
        assertEquals("/a%20b/c?x=1", seen.getString("REQUEST_URI"));
        assertEquals("x=1", seen.getString("QUERY_STRING"));
        assertEquals("", seen.getString("PATH_INFO"));
        assertEquals("www.site.example", seen.getString("SERVER_NAME"));
        assertEquals("WWW.site.example:8443", seen.getString("HTTP_HOST"));
        assertNull(seen.getString("PATH_TRANSLATED"));
        assertNull(seen.getString("ORIG_SCRIPT_FILENAME"));
    }

    @Test
    void aMountIsAPartOfTheScriptsName() throws IOException {
        JsonPath seen = seen("full.example", "/blog/a/b?x=1");

        assertEquals("/blog/index.php", seen.getString("SCRIPT_NAME"));
        assertEquals("/blog/index.php", seen.getString("PHP_SELF"));
        assertEquals("/blog/a/b?x=1", seen.getString("REQUEST_URI"));
        assertEquals("/blog/", at("full.example", "/blog").header("Location"));
        assertEquals("/blog/admin/", at("full.example", "/blog/admin").header("Location"));
        assertEquals("body {}\n", at("full.example", "/blog/s.css").text());
        assertEquals("/a", seen("full.example", "/blog/index.php/a").getString("PATH_INFO"));
    }

    @Test
    void theFallbackMayTakeThePath() throws IOException {
        JsonPath wiki = seen("wiki.example", "/start/a%26b?x=1");
        assertEquals("id=%2Fstart%2Fa%26b&x=1", wiki.getString("QUERY_STRING"));
        assertEquals("/start/a%26b?x=1", wiki.getString("REQUEST_URI"));
        assertEquals("", wiki.getString("PATH_INFO"));

        // All that is missing is redirected there, but what is named.
        JsonPath named = seen("full.example", "/index.php/dav/files");
        assertEquals("/dav/files", named.getString("PATH_INFO"));
        assertEquals("/index.php/dav/files", named.getString("PHP_SELF"));
    }

    @Test
    void rulesRedirectRefuseAndRewrite() throws IOException {
        for (Protocol protocol : PROTOCOLS) {
            Answer moved = ask(protocol, "GET", "full.example", "/old/a%0d%0aX:%20b?x=1");
            assertEquals(301, moved.status());
            assertEquals("/new/a%0D%0AX%3A%20b?x=1", moved.header("Location"));
            assertEquals(410, ask(protocol, "GET", "full.example", "/gone/x").status());
            assertEquals(403, ask(protocol, "GET", "full.example", "/secret").status());
            Answer canonical = ask(protocol, "POST", "full.example", "/not/there?x=1", "Content-Length", "0");
            assertEquals(308, canonical.status());
            assertEquals("https://full.example/not/there?x=1", canonical.header("Location"));
        }
        JsonPath rewritten = seen("full.example", "/media/a/b%26c?x=1");
        assertEquals("/info.php", rewritten.getString("SCRIPT_NAME"));
        assertEquals("media=a%2Fb%26c&x=1", rewritten.getString("QUERY_STRING"));
        assertEquals("/media/a/b%26c?x=1", rewritten.getString("REQUEST_URI"));
        assertEquals(400, at("www.full.example", "//evil.example/x/..%2fadmin").status());
        assertEquals("https://full.example/a?b", at("www.full.example", "/a?b").header("Location"));
    }

    @Test
    void variablesOfTheSiteStandOverThoseOfCgi() throws IOException {
        JsonPath seen = seen("full.example", "/info.php");
        assertEquals("test", seen.getString("APP_ENV"));
        assertEquals("site", seen.getString("SERVER_SOFTWARE"));
        assertEquals("relais", seen("site.example", "/info.php").getString("SERVER_SOFTWARE"));
    }

    @ParameterizedTest
    @EnumSource
    void aScriptGetsTheBodyOfItsRequest(Protocol protocol) throws IOException {
        SitesResource.write(base.resolve("table/echo.php"), "<?php echo file_get_contents('php://input');\n");
        if (protocol == Protocol.HTTP_1_1) {
            try (RawClient client = connect()) {
                client.head("POST /echo.php HTTP/1.1", "Host: site.example", "Content-Length: 5");
                assertEquals("hello", client.send("hello").answer().text());
            }
            return;
        }
        try (Client client = connect(protocol)) {
            String[] head = {":method", "POST", ":scheme", "http", ":path", "/echo.php", ":authority", "site.example"};
            Http2Stream stream = ((Http2Stream) client).beginWith(false, head);
            assertEquals(
                    "hello",
                    stream.send("hello".getBytes(StandardCharsets.US_ASCII))
                            .end()
                            .answer()
                            .text());
        }
    }
}
