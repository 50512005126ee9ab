package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Client;
import dev.relais.testing.DebugSignatures;
import dev.relais.testing.Protocol;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Server-Timing is on the answers of functions that have it, and on those that a signed request asks for. */
@QuarkusTest
@TestProfile(AccessLogProfile.class)
class ServerTimingTest extends RunningGateway {
    private static final String TIME = "\\d+\\.\\d{3}";

    private Answer signed(String target) throws IOException {
        long now = System.currentTimeMillis() / 1000;
        return ask(
                "GET " + target + " HTTP/1.1",
                "Host: localhost",
                "X-Relais-Debug: " + DebugSignatures.of(AccessLogProfile.DEBUG_KEY, "GET", target, now, ""));
    }

    @Test
    void nobodyElseIsTold() throws IOException {
        assertNull(get("/api/hello").header("Server-Timing"));
        long now = System.currentTimeMillis() / 1000;
        for (String value : new String[] {
            DebugSignatures.of("another key of a stranger", "GET", "/api/hello", now, ""),
            DebugSignatures.of(AccessLogProfile.DEBUG_KEY, "GET", "/api/hello", now - 300, ""),
            DebugSignatures.of(AccessLogProfile.DEBUG_KEY, "GET", "/api/other", now, "")
        }) {
            Answer answer = ask("GET /api/hello HTTP/1.1", "Host: localhost", "X-Relais-Debug: " + value);
            assertEquals(200, answer.status());
            assertNull(answer.header("Server-Timing"), value);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFunctionThatHasItTellsIt(Protocol protocol) throws IOException {
        try (Client client = connect(protocol)) {
            String timing = client.get("/api/reports/daily").answer().header("Server-Timing");
            assertTrue(
                    timing.matches("(queue;dur=" + TIME + ", )?select;dur=" + TIME + ", php;dur=" + TIME
                            + ", write;dur=" + TIME + ", total;dur=" + TIME
                            + ", cache;desc=\"[a-z]+\", worker;desc=\"[01]\", generation;desc=\"\\d+\""),
                    timing);
        }
    }

    @Test
    void aSignedRequestIsToldWhoeverAnswers() throws IOException {
        assertTrue(signed("/api/hello?a=b").header("Server-Timing").contains("php;dur="));
        assertTrue(signed("/api/site/style.css").header("Server-Timing").matches("total;dur=" + TIME));
        assertTrue(signed("/api/none").header("Server-Timing").matches("total;dur=" + TIME));
        await().until(() -> signed("/api/kept?timed")
                .header("Server-Timing")
                .matches("total;dur=" + TIME + ", cache;desc=\"hit\""));
    }

    @Test
    void aServerErrorSaysWhoMadeIt() throws IOException {
        String killed = signed("/api/end?how=kill").header("Server-Timing");
        assertTrue(killed.endsWith(", error;desc=\"relais: function-failed\""), killed);
        String own = signed("/api/headers?body=x&head[]=HTTP/1.1%20503%20None").header("Server-Timing");
        assertTrue(own.endsWith(", error;desc=\"php\""), own);
    }
}
