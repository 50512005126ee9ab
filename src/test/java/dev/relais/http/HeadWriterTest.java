package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.relais.telemetry.InvocationObserver;
import dev.relais.telemetry.Meters;
import dev.relais.telemetry.Timeline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers that are given before there is a request, which the writer of all heads makes too. */
class HeadWriterTest {
    private final List<Timeline> told = new ArrayList<>();
    private final HeadWriter heads = HeadWriters.with(
            List.of((request, head, fields) ->
                    fields.add("X-Mark", head.status() + (request == null ? " without a request" : ""))),
            Meters.observers(new InvocationObserver() {
                @Override
                public void ended(Timeline timeline) {
                    throw new AssertionError("it is no invocation");
                }

                @Override
                public void unreadable(Timeline timeline) {
                    told.add(timeline);
                }
            }));
    private final MemoryBudgets budgets =
            new MemoryBudgets(GatewayConfigs.of(Map.of()), Meters.ofMemory(), 64 << 20, 64 << 20, 10_000);
    private final HttpConnections connections =
            new HttpConnections(GatewayConfigs.of(Map.of()), Meters.ofConnections(), null, budgets, heads);
    private final EmbeddedChannel channel = new EmbeddedChannel();

    private String answer(String request) {
        ConnectionClock clock = new ConnectionClock(connections);
        channel.pipeline().addLast(clock, new UnfinishedHeads(connections, clock));
        MalformedHeads.addTo(channel.pipeline(), clock, connections);
        // As Vert.x does, later.
        channel.pipeline()
                .addLast("httpDecoder", new HttpRequestDecoder())
                .addLast(LastAnswer.ENCODER, new HttpResponseEncoder());
        channel.writeInbound(Unpooled.copiedBuffer(request, StandardCharsets.ISO_8859_1));
        ByteBuf bytes = channel.readOutbound();
        String text = bytes.toString(StandardCharsets.ISO_8859_1);
        bytes.release();
        return text;
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    /** The first id that the writer of {@link HeadWriters} makes. */
    private static final String ID = new RequestIds(new Random(0)).next();

    private static String last(Problem problem, String reason, String field) {
        return "HTTP/1.1 " + problem.status() + ' ' + reason + "\r\n"
                + "Content-Type: application/problem+json\r\n"
                + "Cache-Control: no-store\r\n"
                + field
                + "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
                + "X-Request-Id: " + ID + "\r\n"
                + "Content-Length: " + problem.json(ID, null).length() + "\r\n"
                + "Connection: close\r\n"
                + "X-Mark: " + problem.status() + " without a request\r\n"
                + "\r\n"
                + problem.json(ID, null);
    }

    @ParameterizedTest
    @CsvSource({
        "MALFORMED_REQUEST,     Bad Request,                     'GET / HTTP/1.1|Content-Length: 1|Content-Length: 2||'",
        "MALFORMED_REQUEST,     Bad Request,                     'nonsense||'",
        "VERSION_NOT_SUPPORTED, HTTP Version Not Supported,      'GET / HTTP/3.7|Host: a||'",
    })
    void aHeadThatTheDecoderRefusesHasAnAnswerAsAllOthers(Problem problem, String reason, String request) {
        assertEquals(last(problem, reason, ""), answer(request.replace("|", "\r\n")));
        assertFalse(channel.isActive());
        assertEquals(1, told.size());
        assertEquals(problem.status(), told.get(0).status());
        assertEquals(problem.slug(), told.get(0).problem());
        assertEquals(ID, told.get(0).request().id());
        assertNull(told.get(0).request().method());
    }

    @Test
    void soHasAHeadThatDoesNotEnd() {
        assertEquals(
                last(Problem.HEADER_TOO_LARGE, "Request Header Fields Too Large", ""),
                answer("GET / HTTP/1.1\r\n" + "a: b\r\n".repeat(300)));
        assertFalse(channel.isActive());
    }

    @Test
    void soHasAHeadForWhichThereIsNoMemory() {
        budgets.heads().count(64 << 20);
        assertEquals(
                last(Problem.MEMORY_FULL, "Service Unavailable", "Retry-After: 1\r\n"),
                answer("GET / HTTP/1.1\r\nHost: a"));
        budgets.heads().giveBack(64 << 20);
    }
}
