package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Protocol;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The files, fields and error pages that a site sends. */
@QuarkusTest
@TestProfile(SitesProfile.class)
class SiteAnswersTest extends RunningSites {
    @Test
    void answersHaveTheFieldsOfTheSite() throws IOException {
        for (Protocol protocol : PROTOCOLS) {
            Answer php = ask(protocol, "GET", "full.example", "/info.php");
            assertEquals("DENY", php.header("X-Frame-Options"));
            assertNull(php.header("X-Powered-By"));
            assertNull(php.header("Cache-Control"));
            Answer file = ask(protocol, "GET", "full.example", "/s.css");
            assertEquals("DENY", file.header("X-Frame-Options"));
            assertEquals("max-age=2592000", file.header("Cache-Control"));
            Answer module = ask(protocol, "GET", "full.example", "/app.mjs");
            assertEquals("text/javascript; charset=utf-8", module.header("Content-Type"));
            assertEquals("max-age=31536000, immutable", module.header("Cache-Control"));
            assertEquals("1", module.header("X-Own"));
            assertEquals("DENY", module.header("X-Frame-Options"));
        }
        assertEquals("PHP", at("site.example", "/info.php").header("X-Powered-By"));
        assertNull(at("site.example", "/s.css").header("Cache-Control"));
    }

    @Test
    void aCompressedFileBesideItIsSentWhereTheClientTakesIt() throws IOException {
        for (Protocol protocol : PROTOCOLS) {
            Answer coded = ask(protocol, "GET", "full.example", "/big.js", "Accept-Encoding", "br;q=0.5, gzip");
            assertEquals("gzip", coded.header("Content-Encoding"));
            assertEquals("text/javascript; charset=utf-8", coded.header("Content-Type"));
            assertEquals("Accept-Encoding", coded.header("Vary"));
            assertEquals(
                    304,
                    ask(
                                    protocol,
                                    "GET",
                                    "full.example",
                                    "/big.js",
                                    "Accept-Encoding",
                                    "gzip",
                                    "If-None-Match",
                                    coded.header("ETag"))
                            .status());
            Answer plain = ask(protocol, "GET", "full.example", "/big.js");
            assertNull(plain.header("Content-Encoding"));
            assertEquals("Accept-Encoding", plain.header("Vary"));
            assertEquals("x".repeat(3_000), plain.text());
            assertFalse(plain.header("ETag").equals(coded.header("ETag")));
            Answer refused = ask(protocol, "GET", "full.example", "/big.js", "Accept-Encoding", "gzip;q=0, br");
            assertNull(refused.header("Content-Encoding"));
        }
        assertNull(at("full.example", "/late.js", "Accept-Encoding", "gzip").header("Content-Encoding"));
    }

    @Test
    void aLinkIsFollowedWhereItMayAndShowsNoSource() throws IOException {
        assertEquals("shared\n", at("full.example", "/shared.txt").text());
        assertEquals(404, at("full.example", "/pic.png").status());
    }

    @Test
    void aFileTakesNoOtherMethodThanGetAndHead() throws IOException {
        for (Protocol protocol : PROTOCOLS) {
            assertEquals(
                    405,
                    ask(protocol, "PUT", "site.example", "/s.css", "Content-Length", "0")
                            .status());
            Answer head = ask(Protocol.H2C, "HEAD", "site.example", "/s.css");
            assertEquals(200, head.status());
            assertEquals("8", head.header("Content-Length"));
        }
    }

    @Test
    void anErrorHasThePageOfTheSite() throws IOException {
        for (Protocol protocol : PROTOCOLS) {
            Answer script = ask(protocol, "GET", "pages.example", "/nothing?x=1");
            assertEquals(404, script.status());
            assertEquals("/nothing?x=1", JsonPath.from(script.text()).getString("REQUEST_URI"));
            assertEquals("/info.php", JsonPath.from(script.text()).getString("SCRIPT_NAME"));
            for (String method : List.of("GET", "POST")) {
                Answer file =
                        ask(protocol, method, "pages.example", "/closed", "If-None-Match", "*", "Content-Length", "0");
                assertEquals(403, file.status());
                assertEquals("body {}\n", file.text());
                assertEquals("no-store", file.header("Cache-Control"));
            }
        }
    }

    @Test
    void anErrorIsAPageForBrowsersAndAProblemForOthers() throws IOException {
        for (Protocol protocol : PROTOCOLS) {
            Answer page = ask(protocol, "GET", "site.example", "/.git/x", "Accept", "text/html,*/*;q=0.8");
            assertEquals(404, page.status());
            assertEquals("text/html; charset=utf-8", page.header("Content-Type"));
            assertTrue(page.text().contains("<h1>404 Not Found</h1>"), page.text());
            Answer problem = ask(protocol, "GET", "site.example", "/.git/x", "Accept", "application/json");
            assertEquals("application/problem+json", problem.header("Content-Type"));
        }
    }

    @Test
    void aSiteInMaintenanceSendsItsFilesOnly() throws IOException {
        for (Protocol protocol : PROTOCOLS) {
            Answer answer = ask(protocol, "GET", "down.example", "/");
            assertEquals(503, answer.status());
            assertEquals("60", answer.header("Retry-After"));
            assertTrue(answer.text().contains("urn:relais:problem:maintenance"), answer.text());
            assertEquals(200, ask(protocol, "GET", "down.example", "/s.css").status());
        }
    }

    @Test
    void whatIsInternalIsSentForAScriptAlone() throws IOException {
        for (Protocol protocol : PROTOCOLS) {
            assertEquals(
                    404,
                    ask(protocol, "GET", "pages.example", "/stored/shared.txt").status());
            assertEquals(
                    "shared\n",
                    ask(protocol, "GET", "pages.example", "/accel.php?name=shared.txt")
                            .text());
            assertEquals(
                    404,
                    ask(protocol, "GET", "pages.example", "/accel.php?name=hidden.php")
                            .status());
            assertEquals(
                    404,
                    ask(protocol, "GET", "pages.example", "/accel.php?name=..%2Ftable%2Fdata")
                            .status());
            assertEquals(
                    404,
                    ask(protocol, "GET", "site.example", "/accel.php?name=shared.txt")
                            .status());
        }
    }
}
