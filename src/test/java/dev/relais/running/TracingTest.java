package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Client;
import dev.relais.testing.Protocol;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import dev.relais.testing.SpanReceiver;
import dev.relais.testing.SpanReceiver.Received;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each request that is sampled has one span of its own, and PHP and the log know its trace. */
@QuarkusTest
@TestProfile(TracingProfile.class)
class TracingTest extends RunningGateway {
    private static final String CALLER = "00f067aa0ba902b7";

    @ConfigProperty(name = "relais.tracing.endpoint")
    URI endpoint;

    private SpanReceiver receiver;

    @BeforeEach
    void open() throws IOException {
        receiver = new SpanReceiver(endpoint.getPort());
    }

    @AfterEach
    void close() {
        receiver.close();
    }

    /** That of no other test. */
    private static String newTrace() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    private static String parent(String trace, boolean sampled) {
        return "00-" + trace + "-" + CALLER + (sampled ? "-01" : "-00");
    }

    /** The span of the only request of a trace, which is sent first of its spans. */
    private Received server(String trace) {
        await("the spans of " + trace).until(() -> receiver.of(trace).stream()
                .anyMatch(span -> span.kind().equals("SERVER")));
        List<Received> servers = receiver.of(trace).stream()
                .filter(span -> span.kind().equals("SERVER"))
                .toList();
        assertEquals(1, servers.size(), servers::toString);
        return servers.get(0);
    }

    private List<Received> named(String trace, String name) {
        return receiver.of(trace).stream()
                .filter(span -> span.name().equals(name))
                .toList();
    }

    private static void assertWithin(Received inner, Received outer) {
        assertEquals(outer.spanId(), inner.parentId(), inner::toString);
        assertTrue(inner.start() >= outer.start() && inner.end() <= outer.end(), () -> inner + " in " + outer);
    }

    @ParameterizedTest
    @EnumSource
    void aRequestHasATreeOfSpansUnderItsCallers(Protocol protocol) throws IOException {
        String trace = newTrace();
        JsonPath seen;
        String id;
        try (Client client = connect(protocol)) {
            Answer answer = client.get(
                            "/api/env?secret=1",
                            "traceparent",
                            parent(trace, true),
                            "tracestate",
                            "one=1,two=2",
                            "baggage",
                            "user=ada")
                    .answer();
            seen = JsonPath.from(answer.text());
            id = answer.header("X-Request-Id");
        }
        Received server = server(trace);
        assertEquals("GET /api/env", server.name());
        assertEquals(CALLER, server.parentId());
        assertEquals("one=1,two=2", server.state());
        assertFalse(server.error());
        assertEquals("GET", server.get("http.request.method"));
        assertEquals("/api/env", server.get("http.route"));
        assertEquals("/api/env", server.get("url.path"));
        assertEquals(protocol == Protocol.H2 ? "https" : "http", server.get("url.scheme"));
        assertEquals("200", server.get("http.response.status_code"));
        assertEquals(protocol.isHttp2() ? "2" : "1.1", server.get("network.protocol.version"));
        assertTrue(server.get("server.address").matches("localhost|127\\.0\\.0\\.1"), server::toString);
        assertEquals("127.0.0.1", server.get("client.address"));
        assertEquals(id, server.get("relais.request_id"));
        assertEquals("php", server.get("relais.source"));
        assertEquals("whole", server.get("relais.ending"));
        assertNull(server.get("error.type"));
        assertFalse(server.attributes().toString().contains("secret"), server::toString);
        assertEquals("relais", server.service().get("service.name"));

        Received exchange = named(trace, "exchange").get(0);
        Received php = named(trace, "php").get(0);
        assertWithin(exchange, server);
        assertWithin(php, exchange);
        assertEquals("CLIENT", exchange.kind());
        assertEquals(seen.getString("pid"), exchange.get("process.pid"));
        assertEquals(server.get("relais.worker"), exchange.get("relais.worker"));
        assertTrue(exchange.end() > exchange.start());

        Map<String, String> variables = seen.getMap("server");
        assertEquals("00-" + trace + "-" + exchange.spanId() + "-01", variables.get("HTTP_TRACEPARENT"));
        assertEquals("one=1,two=2", variables.get("HTTP_TRACESTATE"));
        assertEquals("user=ada", variables.get("HTTP_BAGGAGE"));
    }

    @Test
    void aRequestThatIsNotSampledHasNoSpansAndPhpKnowsItsTrace() throws IOException {
        String trace = newTrace();
        String told = traceparentOf("traceparent: " + parent(trace, false));
        assertTrue(told.matches("00-" + trace + "-[0-9a-f]{16}-00"), told);
        assertFalse(told.contains(CALLER), told);
        String later = newTrace();
        traceparentOf("traceparent: " + parent(later, true));
        server(later);
        assertEquals(List.of(), receiver.of(trace));
    }

    private String traceparentOf(String... fields) throws IOException {
        return (String) variables(fields).get("HTTP_TRACEPARENT");
    }

    private Map<String, Object> variables(String... fields) throws IOException {
        String[] lines = new String[fields.length + 2];
        lines[0] = "GET /api/env HTTP/1.1";
        lines[1] = "Host: localhost";
        System.arraycopy(fields, 0, lines, 2, fields.length);
        return json(lines).getMap("server");
    }

    /** As W3C Trace Context says: it is as if there were none, and what stands beside it means nothing. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n"
                        + "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            })
    void aMalformedTraceparentBeginsATraceOfItsOwn(String malformed) throws IOException {
        Map<String, Object> variables = variables("traceparent: " + malformed, "tracestate: a=1");
        String told = (String) variables.get("HTTP_TRACEPARENT");
        assertTrue(told.matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01"), told);
        assertFalse(told.contains("4bf92f3577b34da6"), told);
        assertNull(variables.get("HTTP_TRACESTATE"));
        Received server = server(told.substring(3, 35));
        assertEquals("", server.parentId());
        assertNotEquals(told.substring(36, 52), server.spanId());
    }

    @Test
    void listsAreCheckedAndBounded() throws IOException {
        String parent = "traceparent: " + parent(newTrace(), false);
        assertNull(variables(parent, "tracestate: a=1,a=2").get("HTTP_TRACESTATE"));
        assertEquals(
                "a=1,b=2",
                variables(parent, "tracestate: a=1", "tracestate: b=2").get("HTTP_TRACESTATE"));
        assertEquals(
                "a=1,c=3;p",
                variables(parent, "baggage: a=1,b\"=2, c=3;p,nothing").get("HTTP_BAGGAGE"));
        String many = "k=v,".repeat(200);
        assertEquals(64, ((String) variables(parent, "baggage: " + many).get("HTTP_BAGGAGE")).split(",").length);
        assertNull(variables(parent, "baggage: big=" + "x".repeat(9000)).get("HTTP_BAGGAGE"));
    }

    @ParameterizedTest
    @CsvSource({
        "404, HTTP,           false, function-not-found, FROB, /api/nothing-of-this-name",
        "404, GET,            false, function-not-found, GET,  /api/nothing-of-this-name",
        "400, GET,            false, malformed-target,   GET,  /api/hello%zz",
        "502, GET /api/end,   true,  function-failed,    GET,  /api/end?how=kill",
        "504, GET /api/stubborn, true, timeout,          GET,  /api/stubborn",
    })
    void aProblemNamesItsTraceAndIsOneSpan(
            int status, String name, boolean error, String problem, String method, String target) throws IOException {
        String trace = newTrace();
        Answer answer = ask(
                method + " " + target + " HTTP/1.1",
                "Host: localhost",
                "Content-Length: 0",
                "traceparent: " + parent(trace, true));
        assertEquals(status == 404 && method.equals("FROB") ? answer.status() : status, answer.status());
        assertEquals(trace, new JsonObject(answer.text()).getString("traceId"));
        Received server = server(trace);
        assertEquals(name, server.name());
        assertEquals(error, server.error());
        assertEquals(Integer.toString(answer.status()), server.get("http.response.status_code"));
        assertEquals(error ? problem : null, server.get("error.type"));
        if (error) {
            assertTrue(named(trace, "exchange").get(0).error());
        }
    }

    @Test
    void aRunThatWasLostIsASpanOfItsOwn() throws IOException {
        String trace = newTrace();
        try (Side side = new Side()) {
            Answer answer = ask(
                    "GET /api/again/idempotent?" + side.query() + " HTTP/1.1",
                    "Host: localhost",
                    "traceparent: " + parent(trace, true));
            assertEquals(200, answer.status());
        }
        Received server = server(trace);
        assertEquals("1", server.get("relais.retries"));
        assertFalse(server.error());
        List<Received> runs = named(trace, "exchange");
        assertEquals(2, runs.size(), runs::toString);
        assertTrue(runs.get(0).error());
        assertEquals("retried", runs.get(0).get("error.type"));
        assertFalse(runs.get(1).error());
        assertNotEquals(runs.get(0).get("process.pid"), runs.get(1).get("process.pid"));
        runs.forEach(run -> assertWithin(run, server));
    }

    @Test
    void anAnswerThatIsGivenAgainHasTheLookUp() throws IOException {
        String target = "/api/kept?size=5&of=" + newTrace();
        await().until(() -> get(target).header("Cache-Status").startsWith("Relais; hit"));
        String trace = newTrace();
        ask("GET " + target + " HTTP/1.1", "Host: localhost", "traceparent: " + parent(trace, true));
        Received server = server(trace);
        assertEquals("hit", server.get("relais.cache"));
        assertEquals("cache", server.get("relais.source"));
        assertEquals(2, receiver.of(trace).size(), () -> receiver.of(trace).toString());
        assertWithin(named(trace, "cache").get(0), server);
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatLeavesEndsTheSpan(Protocol protocol) throws IOException {
        String trace = newTrace();
        try (Side side = new Side();
                Client client = connect(protocol)) {
            client.get("/api/endless?" + side.query(), "traceparent", parent(trace, true));
            client.head();
            client.cancel();
        }
        Received server = server(trace);
        assertEquals("client-gone", server.get("relais.ending"));
        assertEquals("client-gone", server.get("error.type"));
        assertNull(server.get("http.response.status_code"));
        assertFalse(server.error());
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatLeavesBeforeItsBodyIsThereEndsTheSpan(Protocol protocol) throws IOException {
        String trace = newTrace();
        try (Client client = connect(protocol)) {
            client.begin("POST", "/api/body", "Content-Length", "5", "traceparent", parent(trace, true));
            client.send(new byte[] {'a'});
            await().until(() -> gateway.inFlight() == 1); // a stream that is reset at once never becomes a request
            client.cancel();
        }
        Received server = server(trace);
        assertEquals("POST /api/body", server.name());
        assertEquals(1, receiver.of(trace).size());
    }

    @Test
    void eachOfManyPipelinedRequestsHasOneSpan() throws IOException {
        String trace = newTrace();
        try (RawClient client = connect()) {
            for (int i = 0; i < 50; i++) {
                client.head("GET /api/hello HTTP/1.1", "Host: localhost", "traceparent: " + parent(trace, true));
            }
            for (int i = 0; i < 50; i++) {
                assertEquals(200, client.answer().status());
            }
        }
        await().until(() -> named(trace, "GET /api/hello").size() == 50);
        assertEquals(
                50,
                named(trace, "GET /api/hello").stream()
                        .map(Received::spanId)
                        .distinct()
                        .count());
    }

    @Test
    void whatIsSentIsCountedAndHasTheFieldsThatAreSet() throws IOException {
        String trace = newTrace();
        ask("GET /api/hello HTTP/1.1", "Host: localhost", "traceparent: " + parent(trace, true));
        server(trace);
        assertEquals(List.of("secret"), receiver.heads().get(0).get("X-token"));
        await().until(() -> meter("relais_tracing_spans_sent_total") >= 3);
    }

    /** Without a receiver nothing waits, and what cannot be sent is counted. */
    @Test
    void aReceiverThatIsGoneStopsNoRequest() throws IOException {
        receiver.close();
        double before = meter("relais_tracing_spans_dropped_total");
        for (int i = 0; i < 20; i++) {
            assertEquals(200, get("/api/hello").status());
        }
        await().until(() -> meter("relais_tracing_spans_dropped_total") >= before + 60);
        receiver = new SpanReceiver(endpoint.getPort());
        String trace = newTrace();
        ask("GET /api/hello HTTP/1.1", "Host: localhost", "traceparent: " + parent(trace, true));
        server(trace);
    }
}
