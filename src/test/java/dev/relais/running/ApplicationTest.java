package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.functions.FunctionsConfig;
import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A folder that is served as a whole: {@code src/test/php/site}. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class ApplicationTest extends RunningGateway {
    @Inject
    FunctionsConfig functions;

    @ParameterizedTest
    @CsvSource({
        "/api/site/,                 /index.php,     ''",
        "/api/site/blog/1?x=1,       /index.php,     ''",
        "/api/site/index.php/a,      /index.php,     /a",
        "/api/site/page.php,         /page.php,      ''",
        "/api/site/page.php/a%20b/c, /page.php,      /a b/c",
        "/api/site/sub/,             /sub/index.php, ''",
        "/api/site/style.css%2F,     /index.php,     ''",
        "/api/site/style%2Ecss/x,    /index.php,     ''",
    })
    void aPathRunsItsScriptOrTheFrontController(String target, String script, String pathInfo) throws IOException {
        JsonPath seen = json("GET " + target + " HTTP/1.1", "Host: localhost");

        assertEquals("/api/site" + script, seen.getString("SCRIPT_NAME"));
        assertEquals(site().toRealPath() + script, seen.getString("SCRIPT_FILENAME"));
        assertEquals(pathInfo, seen.getString("PATH_INFO"));
        assertEquals("/api/site" + script + pathInfo, seen.getString("PHP_SELF"));
        assertEquals("/api/site" + script, seen.getString("DOCUMENT_URI"));
        assertEquals(site().toRealPath().toString(), seen.getString("DOCUMENT_ROOT"));
        assertEquals(target, seen.getString("REQUEST_URI"));
    }

    @Test
    void aScriptGetsTheBodyOfItsRequest() throws IOException {
        try (RawClient client = connect()) {
            Answer answer = client.head("POST /api/site/page.php HTTP/1.1", "Host: localhost", "Content-Length: 5")
                    .send("hello")
                    .answer();

            assertEquals("hello", JsonPath.from(answer.text()).getString("input"));
        }
    }

    @Test
    void aStaticFileIsSentWithoutPhp() throws IOException {
        Answer answer = get("/api/site/style.css?v=2");

        assertEquals("body { color: black }\n", answer.text());
        assertEquals("text/css; charset=utf-8", answer.header("Content-Type"));
        assertEquals(
                304,
                ask("GET /api/site/style.css HTTP/1.1", "Host: localhost", "If-None-Match: " + answer.header("ETag"))
                        .status());
        assertEquals("<h1>Docs</h1>\n", get("/api/site/docs/").text());
    }

    @Test
    void aStaticFileTakesNoOtherMethodThanGetAndHead() throws IOException {
        Answer answer = ask("DELETE /api/site/style.css HTTP/1.1", "Host: localhost");

        assertEquals(405, answer.status());
        assertEquals("GET, HEAD", answer.header("Allow"));
    }

    @Test
    void aGetWithABodyForAFileLeavesNothingOfItBehind() throws IOException {
        try (RawClient client = connect()) {
            Answer answer = client.head("GET /api/site/style.css HTTP/1.1", "Host: localhost", "Content-Length: 40")
                    .send("GET /api/hello?name=smuggled HTTP/1.1\r\n\r\n")
                    .answer();

            assertEquals(200, answer.status());
            assertEquals("close", answer.header("Connection"));
            assertTrue(client.isEnded());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/api/site,                 /api/site/",
        "/api/site/sub?a=b%20c,     /api/site/sub/?a=b%20c",
        "//api/site/./sub,          /api/site/sub/",
        "/api/site/%73ub,           /api/site/sub/",
    })
    void aFolderWithoutItsSlashIsRedirected(String target, String location) throws IOException {
        Answer answer = get(target);

        assertEquals(301, answer.status());
        assertEquals(location, answer.header("Location"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/site/.htaccess",
                "/api/site/data/secret.txt",
                "/api/site/data/",
                "/api/site/show.inc",
                "/api/site/sub/../data/secret.txt",
                "/api/site/%2ehtaccess",
                "/api/site/.git/config"
            })
    void whatIsDeniedIsNotThere(String target) throws IOException {
        Answer answer = get(target);

        assertEquals(404, answer.status());
        assertTrue(answer.text().contains("urn:relais:problem:file-not-found"), answer.text());
    }

    @Test
    void aLinkThatLeadsOutIsForbidden() throws IOException {
        Path link = Files.createSymbolicLink(site().resolve("passwd.txt"), Path.of("/etc/passwd"));

        assertEquals(403, get("/api/site/passwd.txt").status());
        Files.delete(link);
    }

    @Test
    void aFileThatPhpsUserMayNotReadIsForbidden() throws IOException {
        Path secret = Files.writeString(site().resolve("secret.css"), "secret");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("-wx-w--w-"));

        Answer answer = get("/api/site/secret.css");
        Files.delete(secret);

        assertEquals(403, answer.status());
        assertTrue(answer.text().contains("urn:relais:problem:file-forbidden"), answer.text());
    }

    @Test
    void theTypeIsThatOfTheNameThatWasAskedFor() throws IOException {
        Files.writeString(site().resolve("real.txt"), "svg");
        Path link = Files.createSymbolicLink(site().resolve("logo.svg"), Path.of("real.txt"));

        assertEquals("image/svg+xml", get("/api/site/logo.svg").header("Content-Type"));
        Files.delete(link);
    }

    @Test
    void aNewFileShowsAtOnce() throws IOException {
        assertEquals(
                "/api/site/index.php",
                json("GET /api/site/new.css HTTP/1.1", "Host: localhost").getString("SCRIPT_NAME"));
        Files.writeString(site().resolve("new.css"), "new");

        assertEquals("new", get("/api/site/new.css").text());
    }

    private Path site() {
        return functions.directory().resolve("site");
    }
}
