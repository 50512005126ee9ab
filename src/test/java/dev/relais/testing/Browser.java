package dev.relais.testing;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A real browser: Debian's headless Chromium, driven by Playwright, which brings no browser of its own here. {@link #page} makes pages for
 * tests that use Playwright themselves. The other methods are what somebody does in the one page that this browser shows: an element is named
 * by a CSS selector, and each call waits for it as long as {@link Patience} says.
 */
public final class Browser implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/chromium");

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;
    private Page shown; // null until it is used
    private Download download; // the last one; null for none

    private Browser(Playwright playwright, com.microsoft.playwright.Browser chromium) {
        this.playwright = playwright;
        this.chromium = chromium;
    }

    /** Skips the test where there is no Chromium, and fails it under CI. */
    public static Browser start() {
        Debian.require("chromium", PROGRAM);
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        PlaywrightAssertions.setDefaultAssertionTimeout(1_000.0 * Patience.SECONDS);
        return new Browser(
                playwright,
                playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(PROGRAM)
                                .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"))));
    }

    /** A new page of a browser that has seen nothing before. Closing its context closes it. */
    public Page page(int width, int height, ColorScheme scheme) {
        BrowserContext context = chromium.newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                .setViewportSize(width, height)
                .setColorScheme(scheme));
        context.setDefaultTimeout(1_000.0 * Patience.SECONDS);
        return context.newPage();
    }

    private Page shown() {
        if (shown == null) {
            shown = page(1000, 700, ColorScheme.LIGHT);
            shown.onDownload(begun -> download = begun);
        }
        return shown;
    }

    /** Opens a page, and waits until it has loaded. */
    public void open(String url) {
        shown().navigate(url);
    }

    /** The URL in the address bar. */
    public String url() {
        return shown().url();
    }

    /** The element's text as a person sees it. */
    public String text(String selector) {
        return shown().locator(selector).first().innerText().strip();
    }

    /** Clicks, and waits until the page that the click opens has loaded. */
    public void click(String selector) {
        shown().evaluate("window.left = true");
        press(selector);
        shown().waitForFunction("!window.left && document.readyState === 'complete'");
    }

    /** Clicks on an element that opens no page. */
    public void press(String selector) {
        shown().locator(selector).first().click();
    }

    /** Replaces the content of a field. */
    public void fill(String selector, String text) {
        shown().locator(selector).first().fill(text);
    }

    /** Chooses a file in a file field. */
    public void choose(String selector, Path file) {
        shown().locator(selector).first().setInputFiles(file);
    }

    /**
     * Runs a function body in the page.
     *
     * @return what it returns, as JSON's types
     */
    public Object run(String script) {
        return shown().evaluate("() => {" + script + "}");
    }

    /** Takes a picture of the window. */
    public void screenshot(Path file) {
        shown().screenshot(new Page.ScreenshotOptions().setPath(file));
    }

    /** Waits until what the last click has begun to download is whole, and has this name. */
    public byte[] downloaded(String name) throws IOException {
        shown().waitForCondition(
                        () -> download != null && download.suggestedFilename().equals(name));
        return Files.readAllBytes(download.path());
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }
}
