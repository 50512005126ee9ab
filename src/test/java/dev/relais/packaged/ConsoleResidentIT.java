package dev.relais.packaged;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.relais.testing.Browser;
import dev.relais.testing.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the console shows of resident functions, in a real browser: those that leak, boot, and do not boot. */
class ConsoleResidentIT {
    private static final String LEAKING = """
            <?php
            final class Cache
            {
                public static array $items = [];
            }
            return function (): void {
                Cache::$items[] = date_default_timezone_get();
                date_default_timezone_set('Asia/Tokyo');
                echo count(Cache::$items);
            };
            """;

    private static PackagedGateway gateway;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        browser = Browser.start();
        Path functions = PackagedGateway.functions(Map.of(
                "broken.php", "<?php throw new Exception('no <b>database</b>');",
                "shop.php", LEAKING,
                "tidy.php", "<?php return function (): void { echo 'tidy'; };",
                "usual.php", "<?php echo 'usual';"));
        Files.writeString(functions.resolve("functions.yaml"), """
                functions:
                  broken: {resident: {script: broken.php, children: 1}}
                  shop: {resident: {script: shop.php, children: 2}}
                  tidy: {resident: {script: tidy.php, children: 1}}
                """);
        gateway = PackagedGateway.start(
                functions, Map.of("relais.workers.count", "1", "relais.resident.check-every", "1"));
        await().until(() -> gateway.get("/api/usual") == 200); // it is not ready before the broken one has booted
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        browser.close();
    }

    private static String ask(String id) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port)) {
            return client.head("GET /api/shop HTTP/1.1", "Host: localhost", "X-Request-Id: " + id)
                    .answer()
                    .text();
        }
    }

    @ParameterizedTest
    @CsvSource({"1280, LIGHT", "360, DARK"})
    void itShowsWhatIsInMemoryAndWhatRequestsLeaveThere(int width, ColorScheme scheme) throws Exception {
        for (int i = 0; i < 12; i++) {
            ask("leak-" + i);
        }
        Page page = browser.page(width, 900, scheme);
        page.navigate("http://127.0.0.1:" + gateway.management + "/q/relais/console");
        assertThat(page.locator("#connection")).hasText("live");
        Locator all = page.locator("#residents > li");
        assertThat(all).hasCount(3);

        Locator shop = all.filter(new Locator.FilterOptions().setHasText("shop.php"));
        assertThat(shop.locator("b")).hasText("shop");
        assertThat(shop.locator(".facts"))
                .containsText("2 of 2 processes have booted shop.php, 2 boots in all; left behind, the newest first:");
        Locator left = shop.locator("ol > li").first();
        assertThat(left).containsText(Pattern.compile("static Cache::\\$items grew from \\d+ to \\d+ elements"));
        assertThat(left.locator(".detail")).hasText(Pattern.compile("put back: .*time zone.*; leak-\\d+"));
        assertThat(shop.locator(".problem")).isHidden();

        Locator tidy = all.filter(new Locator.FilterOptions().setHasText("tidy.php"));
        assertThat(tidy.locator(".facts")).hasText("1 of 1 processes have booted tidy.php, 1 boot in all");
        assertThat(tidy.locator("ol")).isHidden();

        Locator broken = all.filter(new Locator.FilterOptions().setHasText("broken.php"));
        assertThat(broken.locator(".facts")).containsText("0 of 1 processes have booted broken.php, 0 boots in all");
        assertThat(broken.locator(".problem")).containsText("the last boot failed: ");
        assertThat(broken.locator(".problem")).containsText("no <b>database</b>");

        assertEquals(width, ((Number) page.evaluate("document.scrollingElement.scrollWidth")).intValue());
        assertEquals(List.of(), new AxeBuilder(page).analyze().getViolations());
        page.locator("#residents-section")
                .screenshot(new Locator.ScreenshotOptions()
                        .setPath(Path.of("target", "screenshots", "console-residents-" + width + ".png")));
        page.fill("#search", "Cache::$items");
        assertThat(all).hasCount(1);
        page.context().close();
    }
}
