package dev.relais.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultFileRegion;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.impl.VertxByteBufAllocator;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.channels.FileChannel;
import java.util.Map;

/**
 * What Relais needs from a client's connection but Vert.x' public interfaces do not offer. No other class uses an internal
 * class of Vert.x, so only this class has to change for its next major version. Confined to the connection's event loop.
 */
public final class VertxConnection {
    private VertxConnection() {}

    private static ConnectionBase of(HttpServerRequest request) {
        return (ConnectionBase) request.connection();
    }

    public static Channel channel(HttpServerRequest request) {
        return of(request).channel();
    }

    /** What is kept with the request's connection under this key. */
    static <T> Attribute<T> attribute(HttpServerRequest request, AttributeKey<T> key) {
        return channel(request).attr(key);
    }

    /** @param real whether to return the address of the socket itself instead of the one that the PROXY protocol gives */
    static SocketAddress remoteAddress(HttpServerRequest request, boolean real) {
        return of(request).remoteAddress(real);
    }

    /** @param real as in {@link #remoteAddress} */
    static SocketAddress localAddress(HttpServerRequest request, boolean real) {
        return of(request).localAddress(real);
    }

    /** Sends what was written, which Vert.x would delay until all bytes of one read are processed. */
    public static void flush(HttpServerRequest request) {
        of(request).flush();
    }

    /** A buffer in which an answer is gathered. It is not pooled, and not zeroed first. */
    static ByteBuf heapBuffer(int capacity) {
        return VertxByteBufAllocator.DEFAULT.heapBuffer(capacity);
    }

    /** Whether the connection is one of TLS. Of an HTTP/2 request {@code isSSL} tells what the client has written as {@code :scheme}. */
    static boolean isEncrypted(HttpServerRequest request) {
        return of(request).isSsl();
    }

    /** Whether the kernel can copy a file into the client's socket: not where the bytes pass TLS, HTTP/2 or a compressor. */
    static boolean isZeroCopy(HttpServerRequest request) {
        return request.version() != HttpVersion.HTTP_2
                && !isEncrypted(request)
                && channel(request).pipeline().get(HttpContentCompressor.class) == null;
    }

    /**
     * Makes the kernel copy a part of a file after a head that was written.
     *
     * @param close run when the file is not needed any more, even when the connection is gone
     * @param then called with the result, which is a failure too when the file was truncated
     */
    static void sendFile(
            HttpServerRequest request,
            FileChannel file,
            long first,
            long length,
            Runnable close,
            Handler<AsyncResult<Void>> then) {
        of(request)
                .writeToChannel(
                        new DefaultFileRegion(file, first, length) {
                            @Override
                            protected void deallocate() {
                                close.run(); // others may send the same file
                            }
                        },
                        channel(request)
                                .newPromise()
                                .addListener(written -> then.handle(
                                        written.isSuccess()
                                                ? Future.succeededFuture()
                                                : Future.failedFuture(written.cause()))));
    }

    /** Whether more may come on the request's HTTP/2 stream. */
    static boolean isStreamOpen(HttpServerRequest request) {
        Http2ConnectionHandler handler = channel(request).pipeline().get(Http2ConnectionHandler.class);
        Http2Stream stream = handler == null
                ? null
                : handler.connection().stream(request.response().streamId());
        return stream == null || stream.state().remoteSideOpen();
    }

    /**
     * Writes an interim head to an HTTP/2 stream, unless it is larger than what the client takes. Vert.x' own write has no listener, so that
     * its failure, if the stream is gone or its client takes no such head, would end the connection and all its streams.
     */
    static void sendInterim(HttpServerRequest request, Http2Headers head) {
        ChannelHandlerContext context = channel(request).pipeline().context(Http2ConnectionHandler.class);
        if (context != null) {
            Http2ConnectionEncoder encoder = ((Http2ConnectionHandler) context.handler()).encoder();
            if (size(head) <= encoder.configuration().headersConfiguration().maxHeaderListSize()) {
                encoder.writeHeaders(context, request.response().streamId(), head, 0, false, context.newPromise());
                context.flush();
            }
        }
    }

    /** As the client counts it (RFC 9113 section 6.5.2). */
    private static long size(Http2Headers head) {
        long size = 0;
        for (Map.Entry<CharSequence, CharSequence> field : head) {
            size += field.getKey().length() + field.getValue().length() + 32;
        }
        return size;
    }
}
