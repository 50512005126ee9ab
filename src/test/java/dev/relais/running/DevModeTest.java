package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.functions.FunctionsConfig;
import dev.relais.testing.Answer;
import dev.relais.testing.Attempts;
import dev.relais.testing.LogLines;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What who writes functions sees in dev mode, with PHP. */
@QuarkusTest
@TestProfile(DevProfile.class)
class DevModeTest extends RunningGateway {
    private static final String BROWSER = "Accept: text/html,*/*;q=0.8";

    @Inject
    FunctionsConfig config;

    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(config.directory().resolve("developed"));
    }

    @AfterEach
    void removeFolder() throws IOException {
        Side.delete(folder);
    }

    /** By rename, and until it is served. */
    private void put(String name, String text) throws IOException {
        Path fresh = Files.writeString(folder.resolve("." + name + ".new"), text);
        Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (name.endsWith(".php")) {
            String target = "/api/developed/" + name.replace(".php", "");
            await().until(() -> get(target).status() != 404);
        }
    }

    private Answer browse(String target) throws IOException {
        return ask("GET " + target + " HTTP/1.1", "Host: localhost", BROWSER);
    }

    @Test
    void anExceptionIsAPageForABrowserAndAProblemForOthers() throws IOException {
        put("broken.php", "<?php\n// <before>\nfunction f() { throw new LogicException('not <today>'); }\n\nf();\n");

        Answer page = browse("/api/developed/broken?a=b");
        assertEquals(500, page.status());
        assertEquals("text/html; charset=utf-8", page.header("Content-Type"));
        assertEquals("no-store", page.header("Cache-Control"));
        String html = page.text();
        assertTrue(html.contains("<h1>Fatal error: Uncaught LogicException: not &lt;today&gt;"), html);
        assertTrue(html.contains("/developed/broken.php:3</code>"), html);
        assertTrue(html.contains("<li><pre>// &lt;before&gt;</pre></li>"), html);
        assertTrue(html.contains("<li class=\"at\" aria-current=\"true\"><pre>function f()"), html);
        assertTrue(html.contains("GET /api/developed/broken?a=b</code>"), html);
        assertTrue(html.contains(", id " + page.header("X-Request-Id") + "</p>"), html);
        assertTrue(html.contains("</html>"), html);

        Answer problem = get("/api/developed/broken");
        assertEquals(500, problem.status());
        assertEquals("application/problem+json", problem.header("Content-Type"));
        JsonPath json = JsonPath.from(problem.text());
        assertEquals("urn:relais:problem:php-error", json.getString("type"));
        assertEquals(3, json.getInt("line"));
        assertTrue(json.getString("detail").contains("not <today>"), problem.text());
    }

    @Test
    void anErrorOfTheParserIsShownToo() throws IOException {
        Answer page = browse("/api/broken/parse");
        assertEquals(500, page.status());
        assertTrue(page.text().contains("<h1>Parse error: syntax error"), page.text());
        assertTrue(page.text().contains("<pre>this is not PHP</pre>"), page.text());
    }

    @Test
    void aHalfWrittenPageIsReplaced() throws IOException {
        put("half.php", "<?php echo '<p>half'; no_such_function();");
        String html = browse("/api/developed/half").text();
        assertTrue(html.contains("Call to undefined function no_such_function()"), html);
        assertFalse(html.contains("<p>half"), html);
    }

    @Test
    void messagesStandBelowTheLineOfTheirRequest() throws Exception {
        put("talks.php", "<?php error_log(\"first\\nline\"); error_log('second'); http_response_code(202);");
        Attempts.untilProved(() -> {
            try (LogLines lines = new LogLines()) {
                get("/api/developed/talks?x=1");
                String line = await().until(
                                () -> lines.lines()
                                        .filter(one -> one.startsWith("GET /api/developed/talks?x=1 202 in "))
                                        .findFirst()
                                        .orElse(""),
                                one -> !one.isEmpty());
                assertEquals(
                        0, lines.lines().filter(one -> one.startsWith("PHP: ")).count(), lines::toString);
                if (lines.lines().anyMatch(one -> one.startsWith("GET /api/developed/talks?x=1 is running\n"))) {
                    return false; // a message has come later than a second after the begin
                }
                assertTrue(line.matches("[^\n]* 202 in \\d+ ms\n    first\n    line\n    second"), line);
                return true;
            }
        });
    }

    @Test
    void theFunctionsAreListedAtTheTop() throws IOException {
        put("listed.php", "<?php\n// GET /api/developed/listed?name=Ada\n");
        for (String top : new String[] {"/", "/api/"}) {
            Answer page = browse(top);
            assertEquals(200, page.status());
            assertTrue(page.text().contains("<a href=\"/api/developed/listed?name=Ada\">"), page.text());
            Answer json = get(top);
            assertEquals("application/json", json.header("Content-Type"));
            assertTrue(JsonPath.from(json.text()).getList("functions.name").contains("developed/listed"));
        }
    }

    @Test
    void aPageHearsOfAChangeOfAnyFileOfTheFunctions() throws Exception {
        put("page.php", "<?php header('Content-Length: 6'); echo '<html>', include __DIR__ . '/_part.inc';");
        put("_part.inc", "<?php return '';");
        Answer page = get("/api/developed/page");
        assertEquals("<html><script src=\"/q/relais-dev/live-reload.js\"></script>\n", page.text());
        assertEquals(
                "text/javascript; charset=utf-8",
                get("/q/relais-dev/live-reload.js").header("Content-Type"));

        HttpURLConnection connection = (HttpURLConnection)
                http.resolve("/q/relais-dev/changes").toURL().openConnection();
        try (BufferedReader events =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
            String first = version(events);
            put("_part.inc", "<?php return 'changed';");
            assertFalse(first.equals(version(events)));
            await().until(() -> get("/api/developed/page").text().startsWith("<html>changed"));
        } finally {
            connection.disconnect();
        }
    }

    private static String version(BufferedReader events) throws IOException {
        assertEquals("event: version", events.readLine());
        String data = events.readLine();
        assertTrue(data.startsWith("data: "), data);
        assertEquals("", events.readLine());
        return data;
    }

    @Test
    void whatIsNoHtmlHasNoScript() throws IOException {
        put("json.php", "<?php header('Content-Type: application/json'); echo '{}';");
        assertEquals("{}", get("/api/developed/json").text());
        assertNull(get("/api/hello").header("Content-Security-Policy"));
    }
}
