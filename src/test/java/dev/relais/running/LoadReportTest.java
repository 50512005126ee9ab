package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.xds.data.orca.v3.OrcaLoadReport;
import dev.relais.testing.Answer;
import dev.relais.testing.OrcaReports;
import dev.relais.testing.RawClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The load that trusted peers are told. Those of the tests come from another address of the loopback than all other clients. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class LoadReportTest extends RunningGateway {
    private static final String FIELD = "endpoint-load-metrics";

    private Answer asTrusted(String target, String... lines) throws IOException {
        try (RawClient client = RawClient.connectFrom(RunningProfile.TRUSTED, http.getPort())) {
            return client.head(with(target, lines)).answer();
        }
    }

    private static String[] with(String target, String... lines) {
        String[] head = new String[lines.length + 2];
        head[0] = "GET " + target + " HTTP/1.1";
        head[1] = "Host: localhost";
        System.arraycopy(lines, 0, head, 2, lines.length);
        return head;
    }

    @ParameterizedTest
    @CsvSource({
        "200, /api/hello",
        "200, /api/site/style.css",
        "404, /api/nothing-of-this-name",
        "301, /api/site/sub",
        "502, '/api/headers?body=x&head[]=HTTP/1.1%20999999%20None'"
    })
    void aTrustedPeerIsToldWithEachAnswer(int status, String target) throws IOException {
        for (String format : List.of("text", "JSON", "bin")) {
            Answer answer = asTrusted(target, FIELD + "-format: " + format);
            assertEquals(status, answer.status());
            assertEquals(1, answer.headers(FIELD).size(), answer.head()::toString);
            OrcaLoadReport report = OrcaReports.parse(answer.header(FIELD));
            assertTrue(report.containsNamedMetrics("queue_length"), answer.head()::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json", "bin"})
    void aStrangerIsNotTold(String format) throws IOException {
        Answer answer =
                ask(with("/api/hello", FIELD + "-format: " + format, "X-Forwarded-For: " + RunningProfile.TRUSTED));
        assertEquals(200, answer.status());
        assertNull(answer.header(FIELD));
    }

    @Test
    void whoDoesNotAskOrAsksForSomethingElseIsNotToldEither() throws IOException {
        assertNull(asTrusted("/api/hello").header(FIELD));
        assertNull(asTrusted("/api/hello", FIELD + "-format: xml").header(FIELD));
    }

    @Test
    void whatAFunctionSaysOfTheLoadIsReplaced() throws IOException {
        String target = "/api/headers?body=x&head[]=" + FIELD + ":TEXT%20cpu_utilization=0";
        Answer answer = asTrusted(target, FIELD + "-format: json");
        assertEquals(1, answer.headers(FIELD).size(), answer.head()::toString);
        assertTrue(answer.header(FIELD).startsWith("JSON {"), answer.header(FIELD));
    }

    @Test
    void theReportFollowsWhatIsAskedAndTheStatusHasTheSame() {
        await("a rate and a share of the children").until(() -> {
            Answer answer = asTrusted("/api/hello", FIELD + "-format: text");
            OrcaLoadReport report = OrcaReports.parse(answer.header(FIELD));
            return report.getRpsFractional() > 0 && report.getApplicationUtilization() > 0;
        });
        JsonPath status = status();
        assertTrue(status.getDouble("load.rps") > 0, status::prettify);
        assertTrue(status.getDouble("load.memUtilization") > 0, status::prettify);
        assertTrue(status.getDouble("load.memUtilization") <= 1, status::prettify);
        assertEquals(0, status.getInt("load.saturatedSeconds"));
    }
}
