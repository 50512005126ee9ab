package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each sender may see and do at the management port when there is no token. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class ManagementPortTest extends RunningGateway {
    private Answer manageBy(String requestLine, String... fields) throws IOException {
        List<String> lines = new ArrayList<>(List.of(requestLine));
        lines.addAll(List.of(fields));
        try (RawClient client = RawClient.connect(management.getPort())) {
            client.head(lines.toArray(String[]::new));
            return requestLine.startsWith("HEAD ") ? client.answerHead() : client.answer();
        }
    }

    private static void assertNoCors(Answer answer) {
        String head = String.join("\n", answer.head());
        assertFalse(head.toLowerCase(Locale.ROOT).contains("access-control-"), head);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/q/relais",
                "/q/relais/",
                "//q/relais",
                "/q//relais",
                "/q/./relais",
                "/q/%72elais",
                "/q/health/../relais",
                "/q/health/%2e%2e/relais",
                "/q/metrics/%2E./relais",
                "/q/relais?/q/health",
                "/q/relais/generations",
                "/q/info",
                "/q/healthy",
                "/q/",
                "/"
            })
    void byAForeignNameOnlyProbesAndMetricsAnswer(String path) throws IOException {
        for (String host : List.of("evil.example", "evil.example:9000", "localhost@evil.example", "")) {
            Answer answer = manageBy("GET " + path + " HTTP/1.1", "Host: " + host);
            assertTrue(answer.status() == 403 || answer.status() == 400, path + " by " + host + ": " + answer.status());
            assertFalse(answer.text().contains("workers"), path);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LocalHost:9000", "127.0.0.1:9000", "[::1]:9000", "192.0.2.1"})
    void byAnAddressOrLocalhostTheStatusAnswers(String host) throws IOException {
        assertEquals(200, manageBy("GET /q/relais HTTP/1.1", "Host: " + host).status());
        assertEquals(200, manageBy("HEAD /q/relais HTTP/1.1", "Host: " + host).status());
    }

    @Test
    void withoutAHostTheStatusIsRefused() throws IOException {
        assertEquals(403, manageBy("GET /q/relais HTTP/1.0").status());
        assertEquals(200, manageBy("GET /q/health/live HTTP/1.0").status());
    }

    @Test
    void theHostOfAnAbsoluteTargetCounts() throws IOException {
        assertEquals(
                403,
                manageBy("GET http://evil.example/q/relais HTTP/1.1", "Host: localhost")
                        .status());
        assertEquals(
                200,
                manageBy("GET http://localhost/q/relais HTTP/1.1", "Host: localhost")
                        .status());
    }

    @Test
    void aSecondHostIsRefused() throws IOException {
        int status = manageBy("GET /q/relais HTTP/1.1", "Host: localhost", "Host: evil.example")
                .status();
        assertTrue(status == 400 || status == 403, "status " + status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/health", "/q/health/live", "/q/health/ready", "/q/metrics"})
    void probesAndMetricsAnswerByAnyName(String path) throws IOException {
        assertEquals(
                200,
                manageBy("GET " + path + " HTTP/1.1", "Host: relais.somewhere").status());
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /q/relais",
        "GET, /q/health",
        "GET, /q/metrics",
        "GET, /q/info",
        "GET, /q/nothing",
        "POST, /q/relais/generations",
        "OPTIONS, /q/relais",
        "OPTIONS, /q/health",
        "OPTIONS, /q/metrics",
        "OPTIONS, /q/relais/generations"
    })
    void noAnswerHasAFieldOfCors(String method, String path) throws IOException {
        assertNoCors(manageBy(
                method + " " + path + " HTTP/1.1",
                "Host: localhost",
                "Origin: http://evil.example",
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: authorization",
                "Content-Length: 0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "PROPFIND"})
    void whatIsMoreThanReadingIsAnActionWhateverItsPath(String method) throws IOException {
        for (String path : List.of("/q/relais", "/q/relais/generations", "/q/info", "/q/nothing")) {
            Answer answer = manageBy(
                    method + " " + path + " HTTP/1.1",
                    "Host: localhost",
                    "Sec-Fetch-Site: cross-site",
                    "Content-Length: 0");
            assertEquals(403, answer.status(), method + " " + path);
        }
    }

    @Test
    void actionsBeyondTheRateGet429() throws IOException {
        Answer answer = null;
        for (int i = 0; i < 1_000 && (answer == null || answer.status() != 429); i++) {
            answer = manageBy("DELETE /q/relais/nothing HTTP/1.1", "Host: localhost");
            assertTrue(answer.status() == 404 || answer.status() == 429, "status " + answer.status());
        }
        assertEquals(429, answer.status());
        assertTrue(Integer.parseInt(answer.header("Retry-After")) >= 1);
        assertTrue(manage("/q/metrics").text().contains("relais_management_refusals_total{reason=\"rate\"}"));
    }

    @Test
    void whoGuessesTokensGets429() throws IOException {
        Answer answer = null;
        for (int i = 0; i < 1_000 && (answer == null || answer.status() != 429); i++) {
            answer = manageBy(
                    "POST /q/relais/nothing HTTP/1.1",
                    "Host: localhost",
                    "Authorization: Bearer guess" + i,
                    "Content-Length: 0");
            assertTrue(answer.status() == 403 || answer.status() == 429, "status " + answer.status());
        }
        assertEquals(429, answer.status());
        assertTrue(Integer.parseInt(answer.header("Retry-After")) >= 1);
        assertEquals(200, manageBy("GET /q/relais HTTP/1.1", "Host: localhost").status(), "reading needs no token");
    }
}
