package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Without a receiver of spans PHP gets what the client has sent, whatever that is. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class TracingOffTest extends RunningGateway {
    @Test
    void thePlaceInTheTraceIsTheClients() throws IOException {
        Map<String, String> variables = json(
                        "GET /api/env HTTP/1.1",
                        "Host: localhost",
                        "traceparent: nonsense",
                        "tracestate: a=1,a=2",
                        "baggage: b\"")
                .getMap("server");
        assertEquals("nonsense", variables.get("HTTP_TRACEPARENT"));
        assertEquals("a=1,a=2", variables.get("HTTP_TRACESTATE"));
        assertEquals("b\"", variables.get("HTTP_BAGGAGE"));
    }

    @Test
    void thereIsNoneWithoutTheClients() throws IOException {
        Map<String, String> variables =
                json("GET /api/env HTTP/1.1", "Host: localhost").getMap("server");
        assertNull(variables.get("HTTP_TRACEPARENT"));
    }
}
