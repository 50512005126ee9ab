package dev.relais.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.http.TraceParent;
import dev.relais.slot.OwnerNumbers;
import dev.relais.telemetry.Timeline;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The spans of a request, out of the moments that its timeline has. */
class RequestSpansTest implements Timeline.Request {
    private static final long NOW = 1_795_926_618_000_000_000L;
    private static final TraceParent OWN =
            new TraceParent("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true);

    private final Timeline timeline = new Timeline(this, 0);
    private final RequestTrace trace = new RequestTrace(OWN, null, "a=1,b=2");
    private final RequestSpans maker = new RequestSpans(
            SpanSource.of("test", "1"), InstantSource.fixed(Instant.ofEpochSecond(NOW / 1_000_000_000)));
    private final Map<String, String> fields = new HashMap<>();
    private String target = "/api/hello?query";

    private List<SpanData> end(int status, long nanos) {
        timeline.end(status, 1, 2, nanos);
        return maker.of(trace, timeline);
    }

    private void claim(long nanos) {
        trace.run(timeline);
        timeline.claimed(new OwnerNumbers(1, 3), 4711, "/api/hello", nanos);
    }

    private static void assertTimes(long from, long to, long end, SpanData span) {
        assertEquals(NOW - end + from, span.getStartEpochNanos(), span::toString);
        assertEquals(NOW - end + to, span.getEndEpochNanos(), span::toString);
    }

    private static SpanData only(List<SpanData> spans, String name) {
        List<SpanData> found =
                spans.stream().filter(span -> span.getName().equals(name)).toList();
        assertEquals(1, found.size(), spans::toString);
        return found.get(0);
    }

    @Test
    void aRunAfterAWaitHasAllMoments() {
        timeline.queued(100);
        claim(300);
        timeline.firstByte(500);
        timeline.lastByte(700);
        List<SpanData> spans = end(200, 1000);
        assertEquals(4, spans.size());
        SpanData server = spans.get(0);
        assertEquals(SpanKind.SERVER, server.getKind());
        assertEquals(OWN.spanId(), server.getSpanId());
        assertFalse(server.getParentSpanContext().isValid());
        assertEquals("1", server.getSpanContext().getTraceState().get("a"));
        assertTimes(0, 1000, 1000, server);
        assertTimes(100, 300, 1000, only(spans, "queue"));
        assertTimes(300, 700, 1000, only(spans, "exchange"));
        assertTimes(300, 500, 1000, only(spans, "php"));
        assertEquals(only(spans, "exchange").getSpanId(), only(spans, "php").getParentSpanId());
        assertEquals(2e-7, server.getAttributes().get(AttributeKey.doubleKey("relais.queue_seconds")), 1e-12);
    }

    @ParameterizedTest
    @CsvSource({"429, function-limit, false", "503, overloaded, true", "504, not-stored, true"})
    void aRequestThatIsRefusedHasItsWait(int status, String problem, boolean error) {
        timeline.queued(100);
        timeline.problem(problem);
        timeline.answeredBy(Timeline.Source.RELAIS);
        List<SpanData> spans = end(status, 900);
        assertEquals(2, spans.size());
        assertTimes(100, 900, 900, only(spans, "queue"));
        SpanData server = spans.get(0);
        assertEquals(error ? StatusData.error() : StatusData.unset(), server.getStatus());
        assertEquals(error ? problem : null, server.getAttributes().get(AttributeKey.stringKey("error.type")));
        assertEquals(problem, server.getAttributes().get(AttributeKey.stringKey("relais.problem")));
    }

    @Test
    void aLostRunEndsWhenTheNextBegins() {
        claim(100);
        claim(400);
        timeline.firstByte(500);
        timeline.lastByte(600);
        List<SpanData> runs = end(200, 1000).stream()
                .filter(span -> span.getName().equals("exchange"))
                .toList();
        assertEquals(2, runs.size());
        assertTimes(100, 400, 1000, runs.get(0));
        assertEquals(StatusData.error(), runs.get(0).getStatus());
        assertTimes(400, 600, 1000, runs.get(1));
        assertEquals(StatusData.unset(), runs.get(1).getStatus());
    }

    @Test
    void aRunThatDidNotBeginHasNoSpan() {
        trace.run(timeline);
        assertEquals(1, end(431, 10).size());
    }

    @ParameterizedTest
    @CsvSource({
        "/api/a%20b?q,                 /api/a%20b",
        "http://host:81/api/x?http://, /api/x",
        "http://host?q=/x,             /",
        "*,                            *",
    })
    void thePathIsThatOfAnyTargetWithoutItsQuery(String given, String path) {
        target = given;
        assertEquals(path, attribute("url.path"));
    }

    private String attribute(String name) {
        return end(200, 1).get(0).getAttributes().get(AttributeKey.stringKey(name));
    }

    @ParameterizedTest
    @CsvSource({"example.org, example.org, ", "example.org:81, example.org, 81", "[::1]:81, [::1], 81", "[::1], [::1], "
    })
    void theServerIsTheHostAndItsPort(String host, String address, Long port) {
        fields.put("host", host);
        assertEquals(address, attribute("server.address"));
        SpanData span = end(200, 1).get(0);
        assertEquals(port, span.getAttributes().get(AttributeKey.longKey("server.port")));
    }

    @Test
    void aClientThatLeftHasNoStatus() {
        SpanData span = end(499, 1).get(0);
        assertNull(span.getAttributes().get(AttributeKey.longKey("http.response.status_code")));
        assertEquals("client-gone", span.getAttributes().get(AttributeKey.stringKey("error.type")));
        assertEquals(StatusData.unset(), span.getStatus());
    }

    @Test
    void aThirdOfTheTracesIsAThird() {
        int taken = 0;
        for (int i = 0; i < 30_000; i++) {
            String id = TraceIds.trace();
            taken += TraceIds.samples(1.0 / 3, id) ? 1 : 0;
            assertFalse(TraceIds.samples(0, id));
            assertTrue(TraceIds.samples(1, id));
        }
        assertTrue(taken > 9_000 && taken < 11_000, "taken: " + taken); // twelve standard deviations
    }

    @Override
    public String clientAddress() {
        return "192.0.2.7";
    }

    @Override
    public String id() {
        return "id";
    }

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    public String protocol() {
        return "HTTP/1.1";
    }

    @Override
    public String field(String name) {
        return fields.get(name);
    }
}
