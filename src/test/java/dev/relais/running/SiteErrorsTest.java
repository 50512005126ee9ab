package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.relais.testing.Answer;
import dev.relais.testing.Protocol;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a site makes of answers that it does not give itself, and how it comes into force. */
@QuarkusTest
@TestProfile(SitesProfile.class)
class SiteErrorsTest extends RunningSites {
    /** Whoever refuses, and at which step. */
    @ParameterizedTest
    @CsvSource({
        "GET,    /..%2fx,      400, no",
        "GET,    /%00,         400, no",
        "DELETE, /info.php,    405, no",
        "DELETE, /a.txt,       405, yes",
        "GET,    /link.txt,    403, yes",
        "GET,    /link.php,    403, no",
        "PUT,    /s.css,       405, no",
        "GET,    /nothing.txt, 404, yes",
        "POST,   /info.php,    413, no",
        "GET,    /end.php,     502, no",
        "GET,    /sleep.php,   504, no",
        "GET,    /accel.php?name=none, 404, no",
    })
    void everyAnswerHasTheFieldsOfTheSite(String method, String target, int status, String text) throws IOException {
        for (Protocol protocol : PROTOCOLS) {
            String[] body = status == 413 ? new String[] {"Content-Length", "11"} : new String[] {};
            Answer answer = ask(protocol, method, "errors.example", target, body);
            assertEquals(status, answer.status(), protocol + " " + target);
            assertEquals("yes", answer.header("X-Site"), protocol + " " + target);
            assertEquals(text.equals("yes") ? "yes" : null, answer.header("X-Text"), protocol + " " + target);
            if (status == 405) {
                assertNotNull(answer.header("Allow"), target);
            }
        }
    }

    @Test
    void aConditionThatFailsAndAPartThatIsNoneHaveThemToo() throws IOException {
        for (Protocol protocol : PROTOCOLS) {
            Answer condition = ask(protocol, "GET", "errors.example", "/s.css", "If-Match", "\"x\"");
            assertEquals(412, condition.status());
            assertEquals("yes", condition.header("X-Site"));
            Answer part = ask(protocol, "GET", "errors.example", "/s.css", "Range", "bytes=100-");
            assertEquals(416, part.status());
            assertEquals("yes", part.header("X-Site"));
        }
    }

    @Test
    void aLinkOutOfTheRootAndAMethodThatNoFileTakesHaveTheirPages() throws IOException {
        for (Protocol protocol : PROTOCOLS) {
            for (String target : List.of("/link.txt", "/link.php")) {
                Answer outside = ask(protocol, "GET", "errors.example", target);
                assertEquals(403, outside.status());
                assertEquals("body {}\n", outside.text());
            }
            Answer method = ask(protocol, "PUT", "errors.example", "/s.css", "Content-Length", "0");
            assertEquals(405, method.status());
            assertEquals("/info.php", JsonPath.from(method.text()).getString("SCRIPT_NAME"));
            assertEquals("GET, HEAD", method.header("Allow"));
        }
    }

    @Test
    void aFileThatAScriptNamesIsAsItsOwnPathSays() throws IOException {
        for (Protocol protocol : PROTOCOLS) {
            Answer stored = ask(protocol, "GET", "errors.example", "/accel.php?name=shared.txt");
            assertEquals(200, stored.status());
            assertEquals("yes", stored.header("X-Stored"));
            assertEquals("yes", stored.header("X-Site"));
            assertEquals("max-age=86400", stored.header("Cache-Control"));
        }
    }

    /** Its sessions would be in the folder of all, and its settings those of PHP. */
    @Test
    void aNewSiteIsServedOnceItsSettingsAreUp() throws Exception {
        SitesResource.write(base.resolve("three/index.php"), SitesResource.SETTINGS);
        SitesResource.write(base.resolve("three/s.css"), "body {}\n");
        Path settings = functions.status().directory().resolve("functions.yaml");
        String before = Files.readString(settings);
        try {
            Files.writeString(
                    settings,
                    before + "  three: {hosts: [three.example], root: " + base.resolve("three")
                            + ", headers: {X-Site: \"yes\"}, php: {memory_limit: 55M}}\n");
            functions.refresh().toCompletableFuture().get();
            Answer served = await().until(() -> at("three.example", "/"), answer -> {
                boolean serves = answer.status() == 200;
                assertEquals(serves ? 200 : 421, answer.status(), "nothing of the site is served before");
                return serves;
            });
            assertEquals("yes", served.header("X-Site"));
            JsonPath seen = JsonPath.from(served.text());
            assertEquals("55M", seen.getString("memory"));
            assertEquals(base.resolve("state/three/sessions").toString(), seen.getString("sessions"));
        } finally {
            Files.writeString(settings, before);
            functions.refresh().toCompletableFuture().get();
            await("the site has gone, so that the next test meets no new generation")
                    .until(() -> at("three.example", "/").status() == 421);
        }
    }

    @Test
    void whoNamesNoHostGetsNothingOfASiteThatIsReachedByTls() throws Exception {
        Path settings = functions.status().directory().resolve("functions.yaml");
        String before = Files.readString(settings);
        try {
            Files.writeString(settings, before + "  all: {root: " + base.resolve("table") + ", https: redirect}\n");
            functions.refresh().toCompletableFuture().get();
            await().untilAsserted(() -> {
                Answer answer = at("other.example:80", "/s.css");
                assertEquals("https://other.example/s.css", answer.header("Location"));
            });
            assertEquals(421, ask("GET /s.css HTTP/1.0").status());
            assertEquals(200, ask("GET /.well-known/acme-challenge/t HTTP/1.0").status());
        } finally {
            Files.writeString(settings, before);
            functions.refresh().toCompletableFuture().get();
            await().untilAsserted(() -> {
                Answer answer = at("other.example", "/s.css");
                assertEquals(421, answer.status());
            });
        }
    }

    @Test
    void theStatusCountsWhatASiteAnswers() throws IOException {
        List<Integer> before = counts();
        at("prefix.example", "/blog/s.css");
        at("prefix.example", "/blog/s.css", "If-None-Match", "*");
        at("prefix.example", "/blog/");
        at("prefix.example", "/blog");
        at("prefix.example", "/blog/.git/HEAD");
        await().untilAsserted(() -> {
            List<Integer> after = counts();
            List<Integer> more = new ArrayList<>();
            for (int i = 0; i < after.size(); i++) {
                more.add(after.get(i) - before.get(i));
            }
            assertEquals(List.of(5, 0, 1, 2, 1), more);
        });
    }

    private List<Integer> counts() throws IOException {
        JsonPath status = JsonPath.from(manage("/q/relais").text());
        List<Integer> counts = new ArrayList<>();
        for (String key : List.of("requests", "errors", "clientErrors", "files", "scripts")) {
            counts.add(status.getInt("sites.find { it.name == 'prefix' }.served." + key));
        }
        return counts;
    }
}
