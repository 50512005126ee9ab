package dev.relais.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Tells the running requests of one client's connection when it has closed. It listens to the channel itself, because Vert.x
 * first tells the request that it is reading and then the one that it is answering. When the first is pipelined Vert.x fails at
 * it, and the second would never be told. The stream itself reports the end of a single HTTP/2 stream. Confined to the
 * channel's event loop.
 */
public final class ClientConnection implements ChannelFutureListener {
    private static final AttributeKey<ClientConnection> KEY = AttributeKey.valueOf("relais.client-connection");

    /** One running request, as an entry of the connection's list. */
    public static final class Request {
        private final Runnable onGone;
        private @Nullable Request before;
        private @Nullable Request after;
        private boolean listed;

        /** @param onGone run once when the connection closes first; throws nothing */
        public Request(Runnable onGone) {
            this.onGone = onGone;
        }
    }

    private @Nullable Request first;

    private ClientConnection() {}

    public static boolean isOpen(HttpServerRequest request) {
        return VertxConnection.channel(request).isActive();
    }

    public static ClientConnection of(HttpServerRequest request) {
        return of(VertxConnection.channel(request));
    }

    public static ClientConnection of(Channel channel) {
        ClientConnection known = channel.attr(KEY).get();
        if (known == null) {
            known = new ClientConnection();
            channel.attr(KEY).set(known);
            channel.closeFuture().addListener(known);
        }
        return known;
    }

    public void add(Request request) {
        request.listed = true;
        request.after = first;
        if (first != null) {
            first.before = request;
        }
        first = request;
    }

    /** Idempotent. */
    public void remove(Request request) {
        if (!request.listed) {
            return;
        }
        request.listed = false;
        if (request.before == null) {
            first = request.after;
        } else {
            request.before.after = request.after;
        }
        if (request.after != null) {
            request.after.before = request.before;
        }
        request.before = null;
        request.after = null;
    }

    @Override
    public void operationComplete(ChannelFuture closed) {
        // They are told later, because one of these requests may just be closing the connection, in the middle of its
        // work.
        closed.channel().eventLoop().execute(this::tell);
    }

    private void tell() {
        while (first != null) {
            Request gone = first;
            remove(gone);
            gone.onGone.run();
        }
    }
}
