package dev.relais.http;

import dev.relais.gateway.ApiRoute;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Answers what HTTP/1's decoder has refused, or is of a version that nobody speaks here, and closes. Vert.x would answer with a
 * status alone, or with a version of HTTP that does not exist, and its hook for that cannot be reached through Quarkus.
 *
 * <p>Waits at the end of a new pipeline until the first bytes come through. By then Vert.x has put its handlers behind it, so it
 * goes to its place, between decoder and connection. Confined to the channel's event loop.
 */
final class MalformedHeads extends ChannelInboundHandlerAdapter {
    /** Vert.x' name of the last handler of the codec; HTTP/2 has none of this name. */
    private static final String ENCODER = "httpEncoder";

    private final ConnectionClock clock;
    private final boolean inPlace;
    private boolean refused;
    private int requests; // passed on

    private MalformedHeads(ConnectionClock clock, boolean inPlace) {
        this.clock = clock;
        this.inPlace = inPlace;
    }

    static void addTo(ChannelPipeline pipeline, ConnectionClock clock) {
        pipeline.addLast(new MalformedHeads(clock, false));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!inPlace) {
            move(context.pipeline());
        } else if (refused) {
            ReferenceCountUtil.release(message);
            return;
        } else if (message instanceof HttpRequest request) {
            Problem problem = problemOf(request);
            // Behind a running request the answer has to wait its turn, which Vert.x knows.
            if (problem != null && clock.isQuiet()) {
                refused = true;
                refuse(context, problem);
                return;
            }
            requests++;
            clock.headRead();
            if (!mayUpgrade(request, context.channel().remoteAddress())) {
                request.headers().remove(HttpHeaderNames.UPGRADE);
            }
        }
        if (inPlace && message instanceof LastHttpContent) {
            clock.requestRead();
        }
        context.fireChannelRead(message);
    }

    /**
     * A client that goes in the middle of a pipelined request: Vert.x would fail with a NullPointerException for the response that
     * it has not made for it. So it is told that the request has ended; {@link ApiRoute} lets none begin on a closed connection.
     */
    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (clock.isInBody() && clock.isBehind(requests)) {
            clock.requestRead();
            context.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        context.fireChannelInactive();
    }

    private void move(ChannelPipeline pipeline) {
        if (pipeline.context(ENCODER) != null) {
            pipeline.addAfter(ENCODER, null, new MalformedHeads(clock, true));
        } else if (pipeline.last() != this && pipeline.context("handler") == null) {
            addTo(pipeline, clock); // what is behind this one has yet to find out which protocol it is
        }
        pipeline.remove(this);
    }

    /**
     * Whether Vert.x is to see that the client wants HTTP/2. Without its settings it would answer 400 and go on as if it had not;
     * and a body that comes with the request would pass by HTTP/2's flow control, all of it in memory.
     */
    private boolean mayUpgrade(HttpRequest request, SocketAddress peer) {
        HttpHeaders headers = request.headers();
        return headers.contains(HttpHeaderNames.UPGRADE)
                && headers.getAll("HTTP2-Settings").size() == 1
                && !headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                && "0".equals(headers.get(HttpHeaderNames.CONTENT_LENGTH, "0"))
                && !headers.contains(HttpHeaderNames.EXPECT)
                && clock.mayUpgrade(peer);
    }

    private static Problem problemOf(HttpRequest request) {
        Throwable cause = request.decoderResult().cause();
        if (cause == null) {
            HttpVersion version = request.protocolVersion();
            boolean known = version.equals(HttpVersion.HTTP_1_1) || version.equals(HttpVersion.HTTP_1_0);
            return known ? null : Problem.VERSION_NOT_SUPPORTED;
        }
        if (cause instanceof TooLongHttpLineException) {
            return Problem.TARGET_TOO_LONG;
        }
        return cause instanceof TooLongHttpHeaderException ? Problem.HEADER_TOO_LARGE : Problem.MALFORMED_REQUEST;
    }

    private static void refuse(ChannelHandlerContext context, Problem problem) {
        ByteBuf json = Unpooled.copiedBuffer(problem.json(), StandardCharsets.US_ASCII);
        DefaultFullHttpResponse answer =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(problem.status()), json);
        answer.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, Problem.CONTENT_TYPE)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set(HttpHeaderNames.CONTENT_LENGTH, json.readableBytes());
        context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
    }
}
