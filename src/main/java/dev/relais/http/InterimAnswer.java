package dev.relais.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * 100 Continue. In HTTP/2 not by Vert.x, whose write has nobody who follows it: if the stream is gone or its client takes no such head,
 * the failure would end the connection and all its streams. On the request's event loop.
 */
public final class InterimAnswer {
    private InterimAnswer() {}

    public static void sendContinue(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            request.response().writeContinue();
            return;
        }
        ChannelHandlerContext context =
                ((ConnectionBase) request.connection()).channel().pipeline().context(Http2ConnectionHandler.class);
        if (context != null) {
            ((Http2ConnectionHandler) context.handler())
                    .encoder()
                    .writeHeaders(
                            context,
                            request.response().streamId(),
                            new DefaultHttp2Headers().status("100"),
                            0,
                            false,
                            context.newPromise());
            context.flush();
        }
    }
}
