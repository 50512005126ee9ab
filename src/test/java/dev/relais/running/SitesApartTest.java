package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;

/** What sites have of their own: settings, sessions, clients, releases and meters. */
@QuarkusTest
@TestProfile(SitesProfile.class)
class SitesApartTest extends RunningSites {
    @Test
    void aRootThatAReleaseSwitchesIsTakenAnew() throws Exception {
        Path next = base.resolve("releases/2");
        SitesResource.write(next.resolve("index.php"), "<?php echo 'second';\n");
        assertEquals("body {}\n", at("full.example", "/s.css").text());
        Path link = Files.createSymbolicLink(base.resolve("next"), next);
        Path before = base.resolve("current").toRealPath();

        Files.move(link, base.resolve("current"), StandardCopyOption.ATOMIC_MOVE);
        functions.refresh().toCompletableFuture().get();
        await().untilAsserted(() -> {
            Answer answer = at("full.example", "/"); // as it was, until workers know the new folder
            assertEquals(200, answer.status());
            assertEquals("second", answer.text());
        });
        assertEquals(308, at("full.example", "/s.css").status());

        Files.createSymbolicLink(base.resolve("next"), before);
        Files.move(base.resolve("next"), base.resolve("current"), StandardCopyOption.ATOMIC_MOVE);
        functions.refresh().toCompletableFuture().get();
        await().untilAsserted(() ->
                assertEquals("body {}\n", at("full.example", "/s.css").text()));
    }

    @Test
    void aSiteAdmitsSomeClientsAndBodiesOfItsSize() throws IOException {
        assertEquals(403, at("closed.example", "/s.css").status());
        assertEquals(403, at("closed.example", "/x").status());
        try (RawClient client = RawClient.connectFrom("127.0.0.2", http.getPort())) {
            assertEquals(
                    200,
                    client.head("GET /s.css HTTP/1.1", "Host: closed.example")
                            .answer()
                            .status());
            client.head("POST /info.php HTTP/1.1", "Host: closed.example", "Content-Length: 10");
            assertEquals(200, client.send("0123456789").answer().status());
            client.head("POST /info.php HTTP/1.1", "Host: closed.example", "Content-Length: 11");
            assertEquals(413, client.answer().status());
        }
    }

    /** Both sites take turns on the same few children. */
    @Test
    void settingsAndSessionsOfTwoSitesNeverMeet() throws IOException {
        Path one = base.resolve("one");
        Path two = base.resolve("two");
        for (int i = 0; i < 40; i++) {
            JsonPath first = seen("one.example", "/?read=" + two.resolve("index.php"));
            assertEquals("99M", first.getString("memory"));
            assertEquals(one + ":" + base.resolve("state/one"), first.getString("basedir"));
            assertEquals(base.resolve("state/one/sessions").toString(), first.getString("sessions"));
            assertEquals("/", first.getString("cookie"));
            assertEquals("false", first.getString("foreign"));
            JsonPath second = seen("two.example", "/two/?read=" + one.resolve("index.php"));
            assertEquals("77M", second.getString("memory"));
            assertEquals("", second.getString("basedir"));
            assertEquals(base.resolve("state/two/sessions").toString(), second.getString("sessions"));
            assertEquals("/two/", second.getString("cookie"));
            assertTrue(second.getString("foreign").contains("session_start"));
            JsonPath function = json("GET /api/settings HTTP/1.1", "Host: other.example");
            assertFalse(
                    function.prettify().contains("99M") || function.prettify().contains("77M"), function::prettify);
        }
    }

    /** PHP's session_set_cookie_params gives up at the first parameter that it may not change: HttpOnly would be lost with the path. */
    @Test
    void aSessionsCookieIsNeverOpenToScriptsOfThePage() throws IOException {
        String atTheRoot = at("one.example", "/cookie.php").header("Set-Cookie");
        assertTrue(atTheRoot.endsWith("; path=/; HttpOnly; SameSite=Strict"), atTheRoot);
        String mounted = at("two.example", "/two/cookie.php").header("Set-Cookie");
        assertTrue(mounted.endsWith("; path=/two/; HttpOnly; SameSite=Lax"), mounted);
    }

    @Test
    void aSessionOfOneSiteIsNoneOfAnother() throws IOException {
        Answer first = at("one.example", "/");
        String cookie = first.header("Set-Cookie").split(";")[0];

        Answer again = at("one.example", "/", "Cookie", cookie);
        assertEquals(2, JsonPath.from(again.text()).getInt("count"));
        Answer other = at("two.example", "/two/", "Cookie", cookie);
        assertEquals(1, JsonPath.from(other.text()).getInt("count"));
    }

    @Test
    void theStatusHasTheSites() throws IOException {
        JsonPath status = JsonPath.from(manage("/q/relais").text());
        assertEquals("/blog/", status.getString("sites.find { it.name == 'mounted' }.mount"));
        assertEquals(base.resolve("current").toString(), status.getString("sites.find { it.name == 'full' }.folder"));
        assertEquals(
                base.resolve("current").toRealPath().toString(),
                status.getString("sites.find { it.name == 'full' }.root"));
        assertEquals("[www.full.example]", status.getString("sites.find { it.name == 'redirect' }.hosts"));
    }

    @Test
    void theMetersCallASiteByItsName() throws IOException {
        at("site.example", "/s.css");
        assertTrue(manage("/q/metrics").text().contains("function=\"site:table\""));
        assertNotNull(functions.current().get("site:table"));
    }
}
