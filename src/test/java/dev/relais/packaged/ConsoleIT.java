package dev.relais.packaged;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.ElementHandle;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.relais.testing.Browser;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The console in a real browser: what it shows, who can use it and how, and what it may do with the token and without. */
class ConsoleIT {
    private static final String TOKEN = "s3cret";

    @TempDir
    static Path temporary;

    private static PackagedGateway gateway;
    private static Browser browser;
    private static ExecutorService threads;
    private static Side side;

    private final List<String> outside = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private Page page; // null: none was opened

    @BeforeAll
    static void start() throws Exception {
        browser = Browser.start();
        threads = Executors.newCachedThreadPool();
        side = new Side();
        Path functions = PackagedGateway.functions(Map.of(
                "broken.php",
                "<?php throw new RuntimeException('it <b>broke</b>');",
                "hello.php",
                "<?php echo 'hello';",
                "wait.php",
                "<?php if (isset($_GET['side'])) { file_put_contents($_GET['side'] . '/begun', getmypid());"
                        + " while (!file_exists($_GET['side'] . '/go')) { usleep(10000); clearstatcache(); } }"));
        Path page = Files.createDirectory(functions.resolve("page"));
        Files.writeString(page.resolve("index.html"), "page");
        Files.writeString(
                functions.resolve("functions.yaml"),
                "sites: {page: {hosts: [page.example], root: " + page.toRealPath() + "}}");
        Path token = Files.writeString(temporary.resolve("token"), TOKEN);
        gateway = PackagedGateway.start(
                        functions,
                        Map.of(
                                "relais.management.token-file", token.toString(),
                                "relais.functions.reload", "generations",
                                "relais.functions.timeout", "10m"))
                .ready();
        assertEquals(200, gateway.get("/api/hello"));
        assertEquals(200, gateway.get("/api/wait")); // so that it is known how long it usually takes
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        browser.close();
        threads.shutdownNow();
        side.close();
    }

    private Page open(int width, int height, ColorScheme scheme) {
        page = browser.page(width, height, scheme);
        page.onRequest(request -> {
            if (!request.url().startsWith("http://127.0.0.1:" + gateway.management + "/")) {
                outside.add(request.url());
            }
        });
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                errors.add(message.text());
            }
        });
        page.onPageError(errors::add);
        page.navigate("http://127.0.0.1:" + gateway.management + "/q/relais/console");
        assertThat(page.locator("#connection")).hasText("live");
        return page;
    }

    private Page open() {
        return open(1280, 900, ColorScheme.LIGHT);
    }

    @AfterEach
    void close() {
        if (page != null) {
            page.context().close();
            assertEquals(List.of(), outside, "nothing comes from anywhere else");
        }
    }

    @Test
    void itShowsTheSitesAndCountsWhatTheyAnswer() throws Exception {
        open();
        Locator row = page.locator("#sites tbody tr");
        assertThat(row).hasCount(1);
        assertThat(row.locator("td").first()).hasText("page.example");
        assertThat(row.locator("td").nth(3)).hasText("0");
        try (RawClient client = RawClient.connect(gateway.port)) {
            assertEquals(
                    "page",
                    client.head("GET / HTTP/1.1", "Host: page.example").answer().text());
        }
        assertThat(row.locator("td").nth(3)).hasText("1");
    }

    @Test
    void itShowsWorkersChildrenFunctionsEventsAndLimits() throws Exception {
        open();
        assertThat(page.locator("#workers > li")).hasCount(2);
        assertThat(page.locator("#workers")).containsText("Worker 0: score 1.00");
        assertThat(page.locator("#children .cell")).hasCount(4);
        assertThat(page.locator("#functions tbody tr")).not().hasCount(0);
        assertThat(page.locator("#functions")).containsText("hello");
        assertThat(page.locator("#functions")).containsText("timeout 10 min");
        assertThat(page.locator("#events")).containsText("Functions are loaded");
        assertThat(page.locator("#generation-state")).containsText("Generation");
        assertThat(page.locator("#system li")).not().hasCount(0);
        assertThat(page.locator("#figures")).containsText("Processors");
        assertThat(page.locator("#bottleneck-sentence")).not().hasText("Nothing is known yet.");
        assertEquals(200, gateway.get("/api/hello"));
        Locator chart = page.locator("#charts svg").first();
        assertThat(chart).hasAttribute("aria-label", Pattern.compile("Requests per second, now: .*"));
        assertThat(page.locator("#charts polyline").first()).hasAttribute("points", Pattern.compile("\\S+ \\S+.*"));
        assertEquals(List.of(), errors);
    }

    @Test
    void anErrorOfPhpHasItsLines() {
        open();
        assertEquals(500, gateway.get("/api/broken"));
        Locator message = page.locator("#errors pre").first();
        assertThat(message).containsText("Uncaught RuntimeException: it <b>broke</b>");
        assertThat(message).containsText("#0 {main}");
        assertThat(page.locator("#errors .detail").first()).containsText("broken");
        assertThat(page.locator("#functions")).containsText("broken");
    }

    @Test
    void aFailedRequestIsFoundByItsIdWithWhereItsTimeWent() throws Exception {
        open();
        try (RawClient client = RawClient.connect(gateway.port)) {
            String[] head = {"GET /api/broken HTTP/1.1", "Host: localhost", "X-Request-Id: lost-4711"};
            assertEquals(500, client.head(head).answer().status());
        }
        page.fill("#search", "lost-4711");
        Locator found = page.locator("#requests li");
        assertThat(found).hasCount(1);
        assertThat(found).containsText(Pattern.compile("500 ?GET broken: .* ms, answered by php"));
        assertThat(found)
                .containsText(
                        Pattern.compile("PHP until its head .* ms, PHP until its end .*; worker [01], process \\d+"));
    }

    /** Also one that is neither slow nor failed. */
    @Test
    void anyRequestIsFoundByItsIdWithItsStagesDrawn() throws Exception {
        open();
        try (RawClient client = RawClient.connect(gateway.port)) {
            String[] head = {"GET /api/hello HTTP/1.1", "Host: localhost", "X-Request-Id: fine-4711"};
            assertEquals(200, client.head(head).answer().status());
        }
        assertThat(page.locator("#found-section")).isHidden();
        page.fill("#search", "fine-4711");
        Locator found = page.locator("#found li");
        assertThat(found).hasCount(1);
        assertThat(page.locator("#found-head")).hasText("Request fine-4711");
        assertThat(found).containsText(Pattern.compile("200 ?GET hello: .* ms, answered by php"));
        assertThat(found).containsText(Pattern.compile("; worker [01], process \\d+, generation \\d+"));
        JsonObject told = told("fine-4711");
        double part = (told.getDouble("first") - told.getDouble("claimed")) / told.getDouble("end");
        String width = ".getBoundingClientRect().width";
        Number drawn = (Number)
                found.locator(".stages .php").evaluate("part => part" + width + " / part.parentElement" + width);
        assertEquals(part, drawn.doubleValue(), 0.01, "PHP's part");
        assertNoViolation();
        page.fill("#search", "fine-4712");
        assertThat(page.locator("#found-section")).isHidden();
        assertEquals(List.of(), errors);
    }

    private static JsonObject told(String id) throws Exception {
        try (RawClient client = RawClient.connect(gateway.management)) {
            String page = client.get("/q/relais/requests?id=" + id).answer().text();
            return new JsonObject(page).getJsonArray("requests").getJsonObject(0);
        }
    }

    @Test
    void theSearchLeavesWhatMatches() {
        open();
        page.fill("#search", "hel");
        assertThat(page.locator("#functions tbody tr")).hasCount(1);
        assertThat(page.locator("#functions tbody th")).hasText("hello");
        page.fill("#search", "functions-loaded");
        assertThat(page.locator("#events li")).not().hasCount(0);
        assertThat(page.locator("#functions tbody tr")).hasCount(0);
    }

    @ParameterizedTest
    @CsvSource({"1280, LIGHT", "1280, DARK", "360, LIGHT", "360, DARK"})
    void noRuleOfAxeIsBroken(int width, ColorScheme scheme) {
        open(width, 800, scheme);
        assertThat(page.locator("#system li")).not().hasCount(0);
        assertNoViolation();
        page.locator(".cell").first().click();
        assertThat(page.locator("#child")).isVisible();
        assertNoViolation();
    }

    private void assertNoViolation() {
        List<String> broken = new ArrayList<>();
        for (Rule rule : new AxeBuilder(page).analyze().getViolations()) {
            broken.add(rule.getId() + ": " + rule.getNodes());
        }
        assertEquals(List.of(), broken);
    }

    @Test
    void aPhoneNeedNotBeScrolledSideways() {
        open(360, 740, ColorScheme.LIGHT);
        assertThat(page.locator("#functions tbody tr")).not().hasCount(0);
        assertEquals(360, ((Number) page.evaluate("document.scrollingElement.scrollWidth")).intValue());
        String longWord = "((e) => { e.textContent = 'x'.repeat(300); return e.scrollWidth - e.clientWidth; })";
        for (String text : List.of("bottleneck-sentence", "bottleneck-remedy")) {
            Object beyond = page.evaluate(longWord + "(document.getElementById('" + text + "'))");
            assertEquals(0, ((Number) beyond).intValue(), text);
        }
    }

    @Test
    void theKeyboardReachesSearchAndChildrenAndComesBack() {
        open();
        page.keyboard().press("Tab");
        assertThat(page.locator(".skip")).isFocused();
        page.keyboard().press("Enter");
        page.keyboard().press("/");
        assertThat(page.locator("#search")).isFocused();

        Locator cell = page.locator(".cell").first();
        ElementHandle before = cell.elementHandle();
        cell.focus();
        page.keyboard().press("Enter");
        assertThat(page.locator("#child")).isVisible();
        assertThat(page.locator("#child-close")).isFocused(); // for an idle process it is the only button
        page.keyboard().press("Escape");
        assertThat(page.locator("#child")).isHidden();
        assertThat(cell).isFocused();
        assertTrue(
                (Boolean) before.evaluate("element => element.isConnected"),
                "what has the focus stays, though the page changes every second");
    }

    @Test
    void aStuckChildIsSeenAndEndedByTheTokenAndAConfirmedClick() throws Exception {
        CompletableFuture<Integer> status =
                CompletableFuture.supplyAsync(() -> gateway.get("/api/wait?" + side.query()), threads);
        long pid = side.await("begun");
        open();
        Locator cell = page.locator(".cell[data-state=stuck]");
        assertThat(cell).hasCount(1);
        assertThat(cell).containsText("wait");
        assertThat(page.locator("#bottleneck-sentence")).containsText("1 child seems stuck");
        cell.click();
        assertThat(page.locator("#child-head")).containsText("Process " + pid);

        endChosen();
        assertThat(page.locator("#child-result")).containsText("only with relais.management.token");
        page.locator("#child-close").click();
        page.fill("#token", "wrong");
        cell.click();
        endChosen();
        assertThat(page.locator("#child-result")).containsText("the token is not that of relais.management.token");
        assertFalse(status.isDone());

        page.locator("#child-close").click();
        page.fill("#token", TOKEN);
        cell.click();
        endChosen();
        assertThat(page.locator("#child-result")).containsText("is being ended");
        assertEquals(504, status.get());
        Side.awaitEnd(pid);
        page.locator("#child-close").click();
        assertThat(cell).hasCount(0);
        assertThat(page.locator("#events")).containsText("PHP process is ended for an operator");
        gateway.logs("PHP process is ended for an operator: worker=");
        assertFalse(gateway.log().contains(TOKEN));
        assertEquals(
                0, ((Number) page.evaluate("localStorage.length + sessionStorage.length")).intValue(), "kept nowhere");
    }

    private void endChosen() {
        page.locator("#child-end").click();
        assertThat(page.locator("#child-confirm")).isFocused();
        page.locator("#child-confirm").click();
    }

    @Test
    void theCodeIsReloadedByTheToken() {
        open();
        page.locator("#reload").click();
        assertThat(page.locator("#reload-result")).containsText("only with relais.management.token");
        assertThat(page.locator("#token")).isFocused();
        page.fill("#token", TOKEN);
        page.locator("#reload").click();
        assertThat(page.locator("#reload-result")).containsText("switched");
        assertThat(page.locator("#generation-state")).containsText(Pattern.compile("Generation [2-9]"));
        assertThat(page.locator("#events")).containsText("Generation serves");
    }
}
