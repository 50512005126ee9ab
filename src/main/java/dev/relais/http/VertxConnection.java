package dev.relais.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultFileRegion;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.impl.VertxByteBufAllocator;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.channels.FileChannel;

/**
 * What Relais needs of a client's connection and Vert.x' public interfaces do not give. No other class uses an internal class of
 * Vert.x, so that its next major version is met here alone. Used on the connection's event loop.
 */
public final class VertxConnection {
    private VertxConnection() {}

    private static ConnectionBase of(HttpServerRequest request) {
        return (ConnectionBase) request.connection();
    }

    public static Channel channel(HttpServerRequest request) {
        return of(request).channel();
    }

    /** @param real of the socket itself, in place of what the PROXY protocol says */
    static SocketAddress remoteAddress(HttpServerRequest request, boolean real) {
        return of(request).remoteAddress(real);
    }

    /** @param real as in {@link #remoteAddress} */
    static SocketAddress localAddress(HttpServerRequest request, boolean real) {
        return of(request).localAddress(real);
    }

    /** Sends what was written; Vert.x waits with it for the end of what one read has brought. */
    public static void flush(HttpServerRequest request) {
        of(request).flush();
    }

    /** Memory in which an answer is gathered: not pooled, and not filled with zeros first. */
    static ByteBuf heapBuffer(int capacity) {
        return VertxByteBufAllocator.DEFAULT.heapBuffer(capacity);
    }

    /** Whether the kernel can copy a file into the client's socket: not where the bytes pass TLS, HTTP/2 or a compressor. */
    static boolean isZeroCopy(HttpServerRequest request) {
        return request.version() != HttpVersion.HTTP_2
                && !request.isSSL()
                && channel(request).pipeline().get(HttpContentCompressor.class) == null;
    }

    /**
     * Has the kernel copy a part of a file behind a head that was written. The file is closed in the end, also when the
     * connection is gone.
     *
     * @param then told how it went; it fails also when the file was cut
     */
    static void sendFile(
            HttpServerRequest request, FileChannel file, long first, long length, Handler<AsyncResult<Void>> then) {
        of(request)
                .writeToChannel(
                        new DefaultFileRegion(file, first, length),
                        channel(request)
                                .newPromise()
                                .addListener(written -> then.handle(
                                        written.isSuccess()
                                                ? Future.succeededFuture()
                                                : Future.failedFuture(written.cause()))));
    }

    /**
     * Writes 100 Continue to a stream of HTTP/2. Vert.x' own write has nobody who follows it: if the stream is gone or its client
     * takes no such head, the failure would end the connection and all its streams.
     */
    static void sendContinueToStream(HttpServerRequest request) {
        ChannelHandlerContext context = channel(request).pipeline().context(Http2ConnectionHandler.class);
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
