package dev.relais.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sees the heads of one HTTP/2 connection before Vert.x does, and changes those for which HTTP/1.1 would have an answer and
 * Vert.x has none: a method that is no token would end the connection and with it all its streams, an impossible host would reset
 * the stream, CONNECT would pass the router by, and of two Host fields one would vanish. {@link RequestHead}, which refuses them,
 * then sees what it refuses in HTTP/1.1. Confined to the channel's event loop.
 */
final class Http2Heads extends Http2FrameListenerDecorator {
    /** A method that Vert.x takes and {@link RequestHead} refuses as malformed, since no method has small letters. */
    private static final String MALFORMED = "malformed";

    private final Http2ConnectionDecoder decoder;

    private Http2Heads(Http2ConnectionDecoder decoder, Http2FrameListener next) {
        super(next);
        this.decoder = decoder;
    }

    /** Begins to watch the connection, if it speaks HTTP/2. */
    static void watch(ChannelPipeline pipeline) {
        Http2ConnectionHandler handler = pipeline.get(Http2ConnectionHandler.class);
        if (handler != null) {
            pipeline.addBefore(pipeline.context(handler).name(), null, new Http2Resets());
            putBeforeListener(handler.decoder());
        }
    }

    private static void putBeforeListener(Http2ConnectionDecoder decoder) {
        decoder.frameListener(new Http2Heads(decoder, decoder.frameListener()));
    }

    /**
     * When the first settings arrive, Vert.x replaces the provisional listener, which this one has decorated, by that of the
     * connection.
     */
    @Override
    public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) throws Http2Exception {
        super.onSettingsRead(context, settings);
        if (decoder.frameListener() != this) {
            putBeforeListener(decoder);
        }
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context, int stream, Http2Headers headers, int padding, boolean endOfStream)
            throws Http2Exception {
        look(headers);
        super.onHeadersRead(context, stream, headers, padding, endOfStream);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context,
            int stream,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endOfStream)
            throws Http2Exception {
        look(headers);
        super.onHeadersRead(context, stream, headers, dependency, weight, exclusive, padding, endOfStream);
    }

    private static void look(Http2Headers headers) {
        CharSequence method = headers.method();
        if (method == null) {
            return; // these are trailers, or a head without a method, whose stream Vert.x resets
        }
        CharSequence host = host(headers);
        if (HttpHeaderValidationUtil.validateToken(method) >= 0 || host != null && !isPossible(host)) {
            refuse(headers, MALFORMED);
        } else if ("CONNECT".contentEquals(method)) {
            refuse(headers, "TRACE"); // another method that no target supports
        }
    }

    /** The host; null when there is none. Without an authority Vert.x would take one of two Host fields for it and drop both. */
    private static @Nullable CharSequence host(Http2Headers headers) {
        CharSequence authority = headers.authority();
        if (authority != null) {
            return authority;
        }
        List<CharSequence> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.isEmpty()) {
            return null;
        }
        CharSequence first = hosts.get(0);
        if (hosts.size() > 1) {
            headers.authority(first);
        }
        return first;
    }

    private static boolean isPossible(CharSequence host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '.' && c != '-') {
                return HostAndPort.parseAuthority(host.toString(), -1) != null;
            }
        }
        return host.length() > 0;
    }

    private static void refuse(Http2Headers headers, String method) {
        headers.remove(Http2Headers.PseudoHeaderName.AUTHORITY.value());
        headers.remove(HttpHeaderNames.HOST);
        headers.method(method);
        headers.scheme("http");
        headers.path("/");
    }
}
