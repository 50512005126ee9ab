package dev.relais.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Answers a head that the HTTP/1 decoder has refused, or whose HTTP version is not supported, and closes the connection. Vert.x
 * would answer with only a status, or with an HTTP version that does not exist, and its hook for that cannot be reached through
 * Quarkus.
 *
 * <p>It waits at the end of a new pipeline until the first bytes arrive. By then Vert.x has added its handlers behind it, so it
 * moves to its place between decoder and connection, where each head reaches it when it is its turn to be answered. Confined to
 * the channel's event loop.
 */
final class MalformedHeads extends ChannelInboundHandlerAdapter {
    private final ConnectionClock clock;
    private final HttpConnections connections;
    private final boolean inPlace;
    private boolean refused;

    private MalformedHeads(ConnectionClock clock, HttpConnections connections, boolean inPlace) {
        this.clock = clock;
        this.connections = connections;
        this.inPlace = inPlace;
    }

    /** Adds it to a pipeline. It and {@link PipelinedRequests} move to their places with the first bytes. */
    static void addTo(ChannelPipeline pipeline, ConnectionClock clock, HttpConnections connections) {
        pipeline.addLast(new MalformedHeads(clock, connections, false));
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
            if (problem != null) {
                refused = true;
                LastAnswer.write(context, connections.headWriter(), problem);
                return;
            }
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

    private void move(ChannelPipeline pipeline) {
        if (pipeline.context(LastAnswer.ENCODER) != null) {
            pipeline.addAfter(LastAnswer.ENCODER, null, new MalformedHeads(clock, connections, true));
            pipeline.addAfter(
                    LastAnswer.ENCODER,
                    null,
                    new PipelinedRequests(clock, connections.heads(), connections.headWriter()));
        } else if (pipeline.context(ConnectionClock.VERTX_HANDLER) != null) {
            Http2Heads.watch(pipeline);
        } else if (pipeline.last() != this) {
            addTo(pipeline, clock, connections); // the handler behind this one does not know the protocol yet
        }
        pipeline.remove(this);
    }

    /**
     * Whether Vert.x may see that the client wants HTTP/2. Without HTTP2-Settings Vert.x would answer 400 and then go on as if
     * it had not; a body that comes with the request would bypass HTTP/2's flow control and be kept whole in memory; and of two
     * Host fields one would vanish.
     */
    private boolean mayUpgrade(HttpRequest request, SocketAddress peer) {
        HttpHeaders headers = request.headers();
        return headers.contains(HttpHeaderNames.UPGRADE)
                && headers.getAll(HttpHeaderNames.HOST).size() == 1
                && headers.getAll("HTTP2-Settings").size() == 1
                && !headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                && "0".equals(headers.get(HttpHeaderNames.CONTENT_LENGTH, "0"))
                && !headers.contains(HttpHeaderNames.EXPECT)
                && clock.mayUpgrade(peer);
    }

    private static @Nullable Problem problemOf(HttpRequest request) {
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
}
