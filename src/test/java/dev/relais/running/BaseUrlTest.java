package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.relais.testing.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The base URL that frameworks compute from SCRIPT_NAME, PHP_SELF and REQUEST_URI, here by Symfony's own Request. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class BaseUrlTest extends RunningGateway {
    @ParameterizedTest
    @CsvSource({
        "/api/urls/,                /api/urls,           /",
        "/api/urls/notes/1?a=b,     /api/urls,           /notes/1",
        "/api/urls/a%20b,           /api/urls,           /a%20b",
        "/api/site/urls.php,        /api/site/urls.php,  /",
        "/api/site/urls.php/x/y,    /api/site/urls.php,  /x/y",
    })
    void anApplicationFindsItsBaseAndItsPath(String target, String base, String path) throws IOException {
        JsonPath seen = json("GET " + target + " HTTP/1.1", "Host: localhost");

        assertEquals(base, seen.getString("base"));
        assertEquals(path, seen.getString("path"));
    }

    @ParameterizedTest
    @CsvSource({
        "/api/env,       /api/env,             /api/env",
        "/api/env/x,     /api/env,             /api/env/x",
        "/api/app,       /api/app/index.php,   /api/app/index.php",
        "/api/app/x,     /api/app/index.php,   /api/app/index.php/x",
    })
    void aFileFunctionIsItsNameAndAFolderItsScript(String target, String script, String self) throws IOException {
        JsonPath seen = json("GET " + target + " HTTP/1.1", "Host: localhost");
        String root = target.startsWith("/api/env") ? "server." : "";

        assertEquals(script, seen.getString(root + "SCRIPT_NAME"));
        assertEquals(self, seen.getString(root + "PHP_SELF"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/hello", "/api/app", "/api/urls", "/api/reports/daily"})
    void noFunctionsBareNameIsRedirected(String target) throws IOException {
        Answer answer = get(target);

        assertEquals(200, answer.status());
        assertNull(answer.header("Location"));
    }
}
