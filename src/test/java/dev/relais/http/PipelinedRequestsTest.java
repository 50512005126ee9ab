package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.telemetry.Meters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FileRegion;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.File;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PipelinedRequestsTest {
    private final MemoryBudgets budgets =
            new MemoryBudgets(GatewayConfigs.of(Map.of()), Meters.ofMemory(), 64 << 20, 64 << 20, 10_000);
    private final HttpConnections connections = new HttpConnections(
            GatewayConfigs.of(Map.of()), Meters.ofConnections(), null, budgets, HeadWriters.plain());
    private final ConnectionClock clock = new ConnectionClock(connections);
    private final MemoryBudget budget = new MemoryBudget(1 << 20);
    private final Recorder recorder = new Recorder();
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new PipelinedRequests(clock, budget, HeadWriters.plain()), recorder);
    private final List<ByteBuf> contents = new ArrayList<>();

    /** Stands in for Vert.x, and records in order what it gets. */
    private static final class Recorder extends ChannelInboundHandlerAdapter {
        final List<String> events = new ArrayList<>();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request) {
                events.add(request.uri());
            } else if (message instanceof LastHttpContent) {
                events.add("end");
            } else if (message instanceof DefaultHttpContent content) {
                events.add(content.content().readableBytes() + " bytes");
                content.release();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            if (!events.isEmpty() && !events.get(events.size() - 1).equals("flush")) {
                events.add("flush");
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            events.add(cause.getMessage());
        }
    }

    private static DefaultHttpRequest head(String uri) {
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, uri);
    }

    private void get(String uri) {
        channel.writeInbound(head(uri), LastHttpContent.EMPTY_LAST_CONTENT);
    }

    private void body(int length) {
        ByteBuf bytes = Unpooled.buffer().writeZero(length);
        contents.add(bytes);
        channel.writeInbound(new DefaultHttpContent(bytes));
    }

    private void answer() {
        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
    }

    private List<String> events() {
        List<String> events = List.copyOf(recorder.events);
        recorder.events.clear();
        return events;
    }

    @AfterEach
    void nothingStays() {
        channel.finishAndReleaseAll();
        assertEquals(0, budget.used());
        for (ByteBuf bytes : contents) {
            assertEquals(0, bytes.refCnt());
        }
    }

    @Test
    void theNextRequestComesWhenTheAnswerBeforeItIsComplete() {
        get("/a");
        get("/b");
        get("/c");
        assertEquals(List.of("/a", "end", "flush"), events());

        channel.writeOutbound(
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK),
                new DefaultHttpContent(Unpooled.EMPTY_BUFFER));
        assertEquals(List.of(), events());
        channel.writeOutbound(new DefaultLastHttpContent());
        assertEquals(List.of("/b", "end", "flush"), events());
        answer();
        assertEquals(List.of("/c", "end", "flush"), events());
    }

    @Test
    void anAnswerBehindAnotherOneIsNotWaitedFor() {
        get("/a");
        answer();
        get("/b");
        assertEquals(List.of("/a", "end", "flush", "/b", "end", "flush"), events());
    }

    @Test
    void anInterimAnswerIsNotTheEndOfOne() {
        get("/a");
        get("/b");
        events();
        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.EARLY_HINTS));
        assertEquals(List.of(), events());
    }

    /** The answer may be complete before the request is. The rest of the body does not belong to another request. */
    @Test
    void theBodyOfAnAnsweredRequestPasses() {
        channel.writeInbound(head("/a"));
        answer();
        body(3);
        channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT, head("/b"));
        body(4);
        assertEquals(List.of("/a", "flush", "3 bytes", "flush", "end", "/b", "flush", "4 bytes", "flush"), events());
    }

    @Test
    void aConnectionThatBreaksTellsNothingOfTheRequestThatWaited() {
        get("/a");
        channel.writeInbound(head("/b"));
        body(3);
        events();
        channel.pipeline().fireExceptionCaught(new IOException("reset"));
        channel.close();
        assertEquals(List.of("reset"), events());
        assertEquals(0, budget.used());
    }

    @Test
    void soMuchMayWaitAndThenNoMoreIsRead() {
        get("/a");
        channel.writeInbound(head("/b"));
        for (int i = 0; channel.config().isAutoRead() && i < 100; i++) {
            body(8 << 10);
        }
        assertFalse(channel.config().isAutoRead());
        assertTrue(budget.used() < 80 << 10, () -> "" + budget.used());
        answer();
        assertTrue(channel.config().isAutoRead());
        assertEquals(0, budget.used());
        assertEquals("/b", events().get(3));
    }

    /** Each request is only a head, of which one read brings hundreds. */
    @Test
    void soManyMayWait() {
        get("/a");
        for (int i = 0; channel.config().isAutoRead() && i < 1_000; i++) {
            get("/b");
        }
        assertFalse(channel.config().isAutoRead());
        events();
        answer();
        assertEquals(List.of("/b", "end", "flush"), events());
        assertTrue(channel.config().isAutoRead());
    }

    @Test
    void withoutRoomTheConnectionEndsBehindTheAnswerUnderWay() {
        budget.count(1 << 20);
        get("/a");
        channel.writeInbound(head("/b"));
        body(3);
        budget.giveBack(1 << 20);
        assertEquals(List.of("/a", "end", "flush"), events().subList(0, 3));
        answer();
        assertEquals(200, ((FullHttpResponse) channel.readOutbound()).status().code());
        ByteBuf refusal = channel.readOutbound();
        contents.add(refusal);
        String text = refusal.toString(StandardCharsets.US_ASCII);
        assertTrue(text.startsWith("HTTP/1.1 503 Service Unavailable\r\n"), text);
        assertTrue(text.contains("\r\nConnection: close\r\n"), text);
        assertFalse(channel.isActive());
        refusal.release();
    }

    @Test
    void nothingFollowsTheLastRequestOfAConnection() {
        DefaultHttpRequest last = head("/a");
        last.headers().set("Connection", "close");
        channel.writeInbound(last, LastHttpContent.EMPTY_LAST_CONTENT);
        channel.writeInbound(head("/b"));
        body(3);
        answer();
        channel.writeInbound(head("/c"));
        body(3);
        assertEquals(List.of("/a", "end", "flush"), events());
        assertEquals(0, contents.get(0).refCnt() + contents.get(1).refCnt());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 | x, Close   | true",
                "HTTP/1.1 | keep-alive | false",
                "HTTP/1.1 | closed, x  | false",
                "HTTP/1.0 | Keep-Alive | false",
                "HTTP/1.0 | x          | true",
            })
    void nothingFollowsARequestThatSaysSo(String version, String connection, boolean last) {
        DefaultHttpRequest request = new DefaultHttpRequest(HttpVersion.valueOf(version), HttpMethod.GET, "/a");
        request.headers().set("Connection", connection);
        channel.writeInbound(request, LastHttpContent.EMPTY_LAST_CONTENT);
        answer();
        get("/b");
        assertEquals(!last, events().contains("/b"));
        assertEquals(last && version.endsWith("1"), request.headers().contains("Connection", "close", true));
    }

    @Test
    void whoHearsOfAFailedWriteMayWriteAgain() {
        AtomicBoolean broken = new AtomicBoolean();
        ChannelOutboundHandlerAdapter socket = new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
                ReferenceCountUtil.release(message);
                if (broken.get()) {
                    promise.setFailure(new ClosedChannelException());
                } else {
                    promise.setSuccess();
                }
            }
        };
        EmbeddedChannel closed =
                new EmbeddedChannel(
                        socket, new HttpResponseEncoder(), new PipelinedRequests(clock, budget, HeadWriters.plain())) {
                    @Override
                    public boolean isActive() {
                        return !broken.get() && super.isActive();
                    }
                };
        DefaultHttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers().set("Content-Length", 6);
        closed.writeOutbound(head);
        broken.set(true);
        AtomicInteger releases = new AtomicInteger();
        FileRegion piece = new DefaultFileRegion(new File("none"), 0, 6) {
            @Override
            public boolean release() {
                releases.incrementAndGet();
                return super.release();
            }
        };
        List<Throwable> failures = new ArrayList<>();
        ChannelPromise promise = closed.newPromise();
        promise.addListener(failed -> {
            failures.add(failed.cause());
            closed.write(Unpooled.EMPTY_BUFFER).addListener(again -> failures.add(again.cause()));
        });
        closed.write(piece, promise);

        assertEquals(2, failures.size());
        assertInstanceOf(ClosedChannelException.class, failures.get(0));
        assertInstanceOf(ClosedChannelException.class, failures.get(1));
        assertEquals(1, releases.get());
        closed.releaseOutbound();
    }

    @Test
    void nothingFollowsAnAnswerThatEndsTheConnection() {
        get("/a");
        channel.writeInbound(head("/b"));
        body(3);
        events();
        clock.endsWithAnswer();
        answer();
        body(3);
        assertEquals(List.of(), events());
        assertEquals(0, contents.get(0).refCnt() + contents.get(1).refCnt());
    }
}
