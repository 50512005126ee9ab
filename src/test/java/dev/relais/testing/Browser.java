package dev.relais.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * A real browser with an empty profile: Debian's headless Chromium, driven over WebDriver (W3C, level 1). An element is named
 * by a CSS selector, and each call waits for it for up to a minute; a page is waited for until it has loaded.
 */
public final class Browser implements AutoCloseable {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Pattern STARTED = Pattern.compile("started successfully on port (\\d+)");

    /** The key under which WebDriver sends the id of an element (section 11). */
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

    private static final String DOWNLOADS = "downloads";

    private final HttpClient http;
    private final Process driver;
    private final Path directory;
    private final String session;

    private Browser(HttpClient http, Process driver, Path directory, String session) {
        this.http = http;
        this.driver = driver;
        this.directory = directory;
        this.session = session;
    }

    /** Skips the test where there is no Chromium, and fails it under CI. */
    public static Browser start() throws IOException, InterruptedException {
        Debian.require("chromium-driver", DRIVER);
        Debian.require("chromium", CHROMIUM);
        Path directory = Files.createTempDirectory("relais-browser");
        Files.createDirectory(directory.resolve(DOWNLOADS));
        Path log = directory.resolve("driver.log");
        Process driver = new ProcessBuilder(DRIVER.toString(), "--port=0", "--log-level=SEVERE")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            HttpClient http =
                    HttpClient.newBuilder().connectTimeout(Patience.LIMIT).build();
            String sessions = "http://127.0.0.1:" + port(log) + "/session";
            JsonObject made = (JsonObject) send(http, "POST", sessions, wanted(directory));
            return new Browser(http, driver, directory, sessions + "/" + made.getString("sessionId"));
        } catch (IOException | RuntimeException | InterruptedException e) {
            driver.destroyForcibly();
            throw e;
        }
    }

    private static int port(Path log) {
        return Integer.parseInt(Awaitility.await("port of " + DRIVER)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> STARTED.matcher(Files.readString(log)), Matcher::find)
                .group(1));
    }

    private static JsonObject wanted(Path directory) {
        JsonObject preferences = new JsonObject()
                .put("download.default_directory", directory.resolve(DOWNLOADS).toString())
                .put("download.prompt_for_download", false)
                .put("credentials_enable_service", false);
        JsonObject options = new JsonObject()
                .put("binary", CHROMIUM.toString())
                .put("args", new JsonArray(arguments(directory)))
                .put("prefs", preferences);
        JsonObject capabilities = new JsonObject()
                .put("goog:chromeOptions", options)
                .put("timeouts", new JsonObject().put("implicit", Patience.LIMIT.toMillis()));
        return new JsonObject().put("capabilities", new JsonObject().put("alwaysMatch", capabilities));
    }

    private static List<String> arguments(Path directory) {
        return List.of(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--window-size=1000,700",
                "--user-data-dir=" + directory.resolve("profile"));
    }

    public void open(String url) throws IOException, InterruptedException {
        command("url", new JsonObject().put("url", url));
    }

    /** The URL in the address bar. */
    public String url() throws IOException, InterruptedException {
        return (String) send(http, "GET", session + "/url", null);
    }

    public String title() throws IOException, InterruptedException {
        return (String) send(http, "GET", session + "/title", null);
    }

    /** The element's text as a person sees it. */
    public String text(String selector) throws IOException, InterruptedException {
        return (String) send(http, "GET", session + "/element/" + find(selector) + "/text", null);
    }

    /**
     * Clicks, and waits for the page that the click opens. WebDriver itself may return before a form's answer has replaced the
     * old page, from which the test would then read.
     */
    public void click(String selector) throws IOException, InterruptedException {
        run("window.left = true");
        press(selector);
        Awaitility.await("the page that " + selector + " opens")
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptionsInstanceOf(IOException.class) // between two pages there is none to ask
                .until(() -> (Boolean) run("return !window.left && document.readyState === 'complete'"));
    }

    /** Clicks on an element that opens no page. */
    public void press(String selector) throws IOException, InterruptedException {
        command("element/" + find(selector) + "/click", new JsonObject());
    }

    /** Replaces the content of a field. */
    public void fill(String selector, String text) throws IOException, InterruptedException {
        command("element/" + find(selector) + "/clear", new JsonObject());
        type(selector, text);
    }

    /** Types into an element; a path typed into a file field chooses that file. */
    public void type(String selector, String text) throws IOException, InterruptedException {
        command("element/" + find(selector) + "/value", new JsonObject().put("text", text));
    }

    /**
     * Runs a function body in the page.
     *
     * @return what it returns, as JSON's types
     */
    public Object run(String script) throws IOException, InterruptedException {
        return command("execute/sync", new JsonObject().put("script", script).put("args", new JsonArray()));
    }

    /** Takes a picture of the window. */
    public void screenshot(Path file) throws IOException, InterruptedException {
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode((String) send(http, "GET", session + "/screenshot", null)));
    }

    /** Waits until this file has been downloaded. A download in progress has another name. */
    public byte[] downloaded(String name) throws IOException {
        Path file = directory.resolve(DOWNLOADS).resolve(name);
        Awaitility.await("download of " + name).until(() -> Files.exists(file));
        return Files.readAllBytes(file);
    }

    private String find(String selector) throws IOException, InterruptedException {
        JsonObject by = new JsonObject().put("using", "css selector").put("value", selector);
        return ((JsonObject) command("element", by)).getString(ELEMENT);
    }

    private Object command(String path, JsonObject parameters) throws IOException, InterruptedException {
        return send(http, "POST", session + "/" + path, parameters);
    }

    private static Object send(HttpClient http, String method, String url, JsonObject body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.encode()))
                .timeout(Duration.ofSeconds(60))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        Object value = new JsonObject(answer.body()).getValue("value");
        if (answer.statusCode() != 200) {
            throw new IOException("WebDriver: " + ((JsonObject) value).getString("message") + "\nwanted: " + body);
        }
        return value;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        send(http, "DELETE", session, null);
        driver.destroy();
        if (!driver.waitFor(Patience.SECONDS, TimeUnit.SECONDS)) {
            driver.destroyForcibly();
        }
        Side.delete(directory);
    }
}
