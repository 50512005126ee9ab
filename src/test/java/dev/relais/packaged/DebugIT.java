package dev.relais.packaged;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.relais.testing.Answer;
import dev.relais.testing.Browser;
import dev.relais.testing.DebugSignatures;
import dev.relais.testing.RawClient;
import dev.relais.testing.Xdebug;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Profiles and traces of the packaged gateway: made by a signed request, and shown in the console to who may act. */
class DebugIT {
    private static final String KEY = "a key that only this test knows";
    private static final String TOKEN = "s3cret";
    private static final String FILES = "/q/relais/debug/files/";

    @TempDir
    static Path temporary;

    private static PackagedGateway gateway;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        browser = Browser.start();
        Path functions = PackagedGateway.functions(Map.of("work.php", """
                <?php
                function fib(int $n): int { return $n < 2 ? $n : fib($n - 1) + fib($n - 2); }
                function waits(): void { usleep(20_000); }
                class Page { function show(): string { waits(); return (string) fib(12); } }
                echo extension_loaded('xdebug') ? 'with ' : 'without ', (new Page)->show();
                """));
        Path token = Files.writeString(temporary.resolve("token"), TOKEN);
        gateway = PackagedGateway.start(
                        functions,
                        Map.of(
                                "relais.management.token-file",
                                token.toString(),
                                "relais.debug.key",
                                KEY,
                                "relais.debug.kept-files",
                                "2",
                                "relais.debug.extension",
                                Xdebug.path()))
                .ready();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        browser.close();
    }

    private static String work(String mode) throws Exception {
        try (RawClient client = RawClient.connect(gateway.port)) {
            return client.head(
                            "GET /api/work HTTP/1.1",
                            "Host: localhost",
                            "X-Relais-Debug: " + DebugSignatures.now(KEY, "/api/work", mode))
                    .answer()
                    .text();
        }
    }

    private static Answer manage(String method, String path, String... fields) throws Exception {
        try (RawClient client = RawClient.connect(gateway.management)) {
            String[] lines = new String[fields.length + 2];
            lines[0] = method + " " + path + " HTTP/1.1";
            lines[1] = "Host: localhost";
            System.arraycopy(fields, 0, lines, 2, fields.length);
            return client.head(lines).answer();
        }
    }

    private static List<String> files(String mode) throws Exception {
        return new JsonObject(manage("GET", "/q/relais/debug").text())
                .getJsonArray("files").stream()
                        .map(JsonObject.class::cast)
                        .filter(file -> file.getString("mode").equals(mode) && file.getBoolean("complete"))
                        .map(file -> file.getString("name"))
                        .toList();
    }

    private static String profile() throws Exception {
        assertEquals("with 144", work("profile"));
        return await().until(() -> files("profile"), files -> !files.isEmpty()).get(0);
    }

    @Test
    void aProfileIsForWhoMayActAlone() throws Exception {
        String name = profile();
        String token = "Authorization: Bearer " + TOKEN;

        assertEquals(403, manage("POST", FILES + name).status());
        assertEquals(403, manage("POST", FILES + name + "/calls").status());
        assertEquals(405, manage("GET", FILES + name, token).status());
        Answer whole = manage("POST", FILES + name, token);
        assertEquals(200, whole.status());
        assertEquals("attachment; filename=\"" + name + "\"", whole.header("Content-Disposition"));
        assertTrue(
                whole.text().startsWith("version: 1\ncreator: xdebug"),
                whole.text().substring(0, 60));
        assertTrue(whole.text().contains("Page->show"));
        assertEquals(404, manage("POST", FILES + "cachegrind.out.1.1", token).status());
        assertEquals(
                404, manage("POST", FILES + "..%2F..%2Fetc%2Fpasswd", token).status());
    }

    @Test
    void itsTreeOfCallsHasTheTimes() throws Exception {
        JsonObject root = new JsonObject(manage("POST", FILES + profile() + "/calls", "Authorization: Bearer " + TOKEN)
                .text());

        assertEquals("{main}", root.getString("name"));
        JsonObject show = callee(root, "Page->show");
        JsonObject waits = callee(show, "waits");
        assertEquals(1, waits.getLong("calls"));
        assertEquals(465, callee(show, "fib").getLong("calls"));
        long total = waits.getLong("total");
        assertTrue(total >= 20_000_000 && total <= root.getLong("total"), root::encode);
    }

    /** Any of them may have taken the most time: on a busy machine a call may wait for a processor. */
    private static JsonObject callee(JsonObject caller, String name) {
        return caller.getJsonArray("callees").stream()
                .map(JsonObject.class::cast)
                .filter(callee -> callee.getString("name").equals(name))
                .findAny()
                .orElseThrow(() -> new AssertionError(name + " is not called in " + caller.encode()));
    }

    @Test
    void theConsoleDrawsItAndGivesIt() throws Exception {
        String name = profile();
        Page page = browser.page(1280, 900, ColorScheme.LIGHT);
        try {
            page.navigate("http://127.0.0.1:" + gateway.management + "/q/relais/console");
            page.click("#profiles-look");
            assertThat(page.locator("#profiles")).containsText("work.php");
            page.click("[aria-label='Flame graph of " + name + "']");
            assertThat(page.locator("#profiles-result")).containsText("only with relais.management.token");
            page.fill("#token", TOKEN);
            page.click("[aria-label='Flame graph of " + name + "']");
            assertThat(page.locator("#flame")).isVisible();
            assertThat(page.locator("#flame-graph text").first()).hasText("{main}");
            assertThat(page.locator("#flame-graph")).containsText("Page->show");
            assertThat(page.locator("#flame-graph")).containsText("waits");
            assertThat(page.locator("#flame-list"))
                    .containsText(Pattern.compile("php::usleep: \\d+\\.\\d ms, 1 calls"));
            assertEquals(
                    List.of(),
                    new AxeBuilder(page)
                            .analyze().getViolations().stream()
                                    .map(rule -> rule.getId() + " " + rule.getNodes())
                                    .toList());
            page.click("#flame-list button >> text=php::usleep");
            assertThat(page.locator("#flame-call")).containsText("php::usleep: ");
            assertThat(page.locator("#flame-graph g")).hasCount(1);
            page.click("#flame-all");
            assertThat(page.locator("#flame-graph text").first()).hasText("{main}");
            page.click("#flame-close");
            Download download = page.waitForDownload(() -> page.click("[aria-label='Download " + name + "']"));
            assertEquals(name, download.suggestedFilename());
            assertTrue(Files.readString(download.path()).contains("fn=(1)"));
        } finally {
            page.context().close();
        }
    }

    @Test
    void theOldestGoWhenThereAreTooMany() throws Exception {
        for (int i = 0; i < 4; i++) {
            assertEquals("with 144", work("trace"));
        }
        await().until(() -> files("trace").size() + files("profile").size() == 2);
    }

    @Test
    void whoHasNoSignatureHasNoDebugger() throws Exception {
        try (RawClient client = RawClient.connect(gateway.port)) {
            assertEquals(
                    "without 144",
                    client.head(
                                    "GET /api/work?XDEBUG_PROFILE=1 HTTP/1.1",
                                    "Host: localhost",
                                    "Cookie: XDEBUG_SESSION=1")
                            .answer()
                            .text());
        }
    }
}
