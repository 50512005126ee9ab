package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(RunningProfile.class)
class RequestTargetTest extends RunningGateway {
    @Test
    void helloAnswersWithJson() throws IOException {
        Answer answer = get("/api/hello?name=Ada");

        assertEquals(200, answer.status());
        assertEquals("application/json", answer.header("Content-Type"));
        assertEquals("{\"hello\":\"Ada\"}", answer.text());
        assertEquals("15", answer.header("Content-Length"));
    }

    @ParameterizedTest
    @CsvSource({
        "/api/app, app, /api/app/index.php, ''",
        "/api/app/, app, /api/app/index.php, /",
        "/api/app/notes/7, app, /api/app/index.php, /notes/7",
        "/api/app/index.php, app, /api/app/index.php, /index.php",
        "/api/app/%C3%A4%20b, app, /api/app/index.php, '/ä b'",
        "/api/app/a%2Fb, app, /api/app/index.php, /a/b",
        "/api/reports/daily, reports/daily, /api/reports/daily, ''",
        "/api/reports/daily/2026/11, reports/daily, /api/reports/daily, /2026/11",
        "'/api/app/{a}|b?c=%&d=\"e^', app, /api/app/index.php, '/{a}|b'",
        "/api//reports/./x/../daily/, reports/daily, /api/reports/daily, /",
    })
    void theLongestNameWinsAndTheRestIsPathInfo(String target, String function, String scriptName, String pathInfo)
            throws IOException {
        JsonPath json = json("GET " + target + " HTTP/1.1", "Host: localhost");

        assertEquals(function, json.getString("function"));
        assertEquals(scriptName, json.getString("SCRIPT_NAME"));
        assertEquals(pathInfo, json.getString("PATH_INFO"));
        assertEquals(target, json.getString("REQUEST_URI"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/nothing",
                "/api/",
                "/api",
                "/api/reports",
                "/api/hello.php",
                "/api/Hello",
                "/api/reports%2Fdaily",
                "/api/functions.yaml",
                "/api/..%2fhello"
            })
    void anUnknownFunctionIsNotFound(String target) throws IOException {
        Answer answer = get(target);

        assertTrue(answer.status() == 404 || answer.status() == 400, answer.head()::toString);
        if (target.startsWith("/api/")) {
            assertEquals("application/problem+json", answer.header("Content-Type"));
        }
    }

    @Test
    void notFoundIsAProblemOfAStableType() throws IOException {
        JsonPath problem = json("GET /api/nothing HTTP/1.1", "Host: localhost");

        assertEquals("urn:relais:problem:function-not-found", problem.getString("type"));
        assertEquals(404, problem.getInt("status"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/hello%", "/api/hello%zz", "/api/hello%00", "/api/%ff", "/api/../../x"})
    void aMalformedTargetIsRefused(String target) throws IOException {
        Answer answer = get(target);

        assertEquals(400, answer.status());
        assertEquals("application/problem+json", answer.header("Content-Type"));
        assertEquals(
                "urn:relais:problem:malformed-target",
                JsonPath.from(answer.text()).getString("type"));
    }

    @Test
    void aMethodThatIsNotAllowedIsToldWhichAre() throws IOException {
        try (RawClient client = connect()) {
            Answer answer = client.head("DELETE /api/reports/daily HTTP/1.1", "Host: localhost")
                    .answer();

            assertEquals(405, answer.status());
            assertEquals("GET, HEAD, POST", answer.header("Allow"));
            assertEquals("application/problem+json", answer.header("Content-Type"));
            assertEquals(200, client.get("/api/hello").answer().status(), "the connection goes on");
        }
    }

    @Test
    void aProblemToHeadHasNoBody() throws IOException {
        try (RawClient client = connect()) {
            client.head("HEAD /api/nothing HTTP/1.1", "Host: localhost");
            assertEquals(404, client.answerHead().status());
            assertEquals(
                    "{\"hello\":\"world\"}", client.get("/api/hello").answer().text());
        }
    }

    @Test
    void aHeaderLargerThanACgiVariableIsRefused() throws IOException {
        Answer answer = ask("GET /api/hello HTTP/1.1", "Host: localhost", "X-Large: " + "x".repeat(65_000));

        assertEquals(431, answer.status());
        assertEquals("application/problem+json", answer.header("Content-Type"));
        assertEquals(
                200,
                ask("GET /api/hello HTTP/1.1", "Host: localhost", "X-Large: " + "x".repeat(64_900))
                        .status());
    }

    @Test
    void aHeadOverTheLimitIsRefusedWithoutPhp() throws IOException {
        try (RawClient client = connect()) {
            client.head("GET /api/hello HTTP/1.1", "Host: localhost", "X-Large: " + "x".repeat(140_000));
            assertEquals(431, client.answer().status());
            assertTrue(client.isEnded());
        }
        assertEquals(414, get("/api/hello?" + "x".repeat(17_000)).status());
    }

    @Test
    void noProblemTellsAPath() throws IOException {
        for (String target : new String[] {"/api/nothing", "/api/%zz", "/api/end?how=kill"}) {
            String text = get(target).text();
            assertFalse(text.contains("/tmp") || text.contains(".php"), text);
        }
    }
}
