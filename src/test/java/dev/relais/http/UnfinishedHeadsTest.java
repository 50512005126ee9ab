package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.telemetry.Meters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnfinishedHeadsTest {
    private static final String HEAD = "GET / HTTP/1.1\r\nHost: a\r\n";

    private final List<EmbeddedChannel> channels = new ArrayList<>();
    private final MemoryBudgets budgets =
            new MemoryBudgets(GatewayConfigs.of(Map.of()), Meters.ofMemory(), 64 << 20, 64 << 20, 10_000);
    private final HttpConnections connections = new HttpConnections(
            GatewayConfigs.of(Map.of()), Meters.ofConnections(), null, budgets, HeadWriters.plain());
    private ConnectionClock clock;

    private EmbeddedChannel connect() {
        clock = new ConnectionClock(connections);
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(clock, new UnfinishedHeads(connections, clock));
        channels.add(channel);
        return channel;
    }

    private static void send(EmbeddedChannel channel, String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    private static String answer(EmbeddedChannel channel) {
        ByteBuf out = channel.readOutbound();
        return out == null ? "" : out.toString(StandardCharsets.US_ASCII);
    }

    private long used() {
        return budgets.heads().used();
    }

    @AfterEach
    void nothingStaysCounted() {
        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
        assertEquals(0, used());
    }

    /** Stands in for the decoder: a request begins with the read that ends its head. */
    private void decode(EmbeddedChannel channel) {
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                if (((ByteBuf) message).toString(StandardCharsets.ISO_8859_1).contains("\r\n\r\n")) {
                    clock.begin(HttpVersion.HTTP_1_1);
                }
                ReferenceCountUtil.release(message);
            }
        });
    }

    @Test
    void aHeadThatDoesNotEndIsCountedAndGivenBackWhenItsRequestBegins() {
        EmbeddedChannel channel = connect();
        decode(channel);
        send(channel, HEAD + "X-A: " + "a".repeat(10_000));
        assertTrue(used() >= 20_000, () -> "" + used());
        send(channel, "\r\n\r\n");
        assertEquals(0, used());
        clock.end();
        send(channel, HEAD + "\r\n");
        assertEquals(0, used());
        assertTrue(channel.isActive());
    }

    @Test
    void theHeadForWhichThereIsNoRoomIsRefusedWithAProblemAndTheOthersStay() {
        EmbeddedChannel last = null;
        int many = (int) (budgets.heads().capacity() / 60_000) + 2;
        for (int i = 0; i < many; i++) {
            last = connect();
            send(last, HEAD + "X-A: " + "a".repeat(29_950));
        }
        String answer = answer(last);
        assertTrue(answer.startsWith("HTTP/1.1 503 "), answer);
        assertTrue(answer.contains("Retry-After: 1\r\n") && answer.contains("memory-full"), answer);
        assertFalse(last.isActive());
        assertTrue(channels.get(0).isActive());
    }

    @Test
    void moreFieldsThanAHeadMayHaveAreRefusedBeforeItEnds() {
        EmbeddedChannel channel = connect();
        send(channel, HEAD + "a:\r\n".repeat(7_000));
        assertTrue(answer(channel).startsWith("HTTP/1.1 431 "));
        assertFalse(channel.isActive());
        send(connect(), HEAD + "a:\r\n".repeat(150));
        assertTrue(channels.get(1).isActive());
    }

    @Test
    void theLinesOfABodyAreNoFields() {
        EmbeddedChannel channel = connect();
        decode(channel);
        send(channel, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n" + "\r\n".repeat(4_500));
        assertTrue(channel.isActive());
        assertEquals("", answer(channel));
    }

    @Test
    void aTlsHandshakeCountsSixteenTimesAndIsClosedWithoutAnAnswerWhenThereIsNoRoom() {
        EmbeddedChannel channel = connect();
        send(channel, "\u0016\u0003\u0001" + "x".repeat(997));
        assertEquals(16_000, used());
        send(channel, "\r\n".repeat(500));
        assertTrue(channel.isActive(), "no fields are seen in it");
        budgets.heads().count(budgets.heads().capacity());
        send(channel, "x");
        budgets.heads().count(-budgets.heads().capacity());
        assertFalse(channel.isActive());
        assertEquals("", answer(channel));
    }
}
