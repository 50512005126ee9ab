package dev.relais.http;

import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The CGI variables of scheme and addresses. They are encoded once and kept with the channel, except for requests through a
 * trusted proxy, whose values differ. Immutable.
 */
public final class ConnectionVariables {
    private static final AttributeKey<Kept> KEY = AttributeKey.valueOf("relais.connection-variables");

    private final Forwarding forwarding;

    public ConnectionVariables(Forwarding forwarding) {
        this.forwarding = forwarding;
    }

    /** The encoded variables. Called on the connection's event loop. */
    public byte[] of(HttpServerRequest request) {
        Kept kept = kept(request);
        return kept.encoded == null
                ? forwarding.ends(kept.ends, request.headers()).encode()
                : kept.encoded;
    }

    /**
     * The client's address as PHP gets it; a hyphen when the connection had closed before anybody asked for it. Called on the
     * connection's event loop.
     */
    public String client(HttpServerRequest request) {
        if (isForgotten(request)) {
            return "-";
        }
        Kept kept = kept(request);
        return kept.encoded == null
                ? forwarding.ends(kept.ends, request.headers()).remoteHost()
                : kept.ends.remoteHost();
    }

    /** The scheme as PHP gets it. Called on the connection's event loop. */
    public String scheme(HttpServerRequest request) {
        Kept kept = kept(request);
        return kept.encoded == null
                ? forwarding.ends(kept.ends, request.headers()).scheme()
                : kept.ends.scheme();
    }

    /** Whether a trusted proxy has sent the request. Called on the connection's event loop. */
    public boolean isProxied(HttpServerRequest request) {
        return kept(request).encoded == null;
    }

    /** Whether the kernel does not know the addresses of the connection any more, and nobody has kept them. */
    private static boolean isForgotten(HttpServerRequest request) {
        if (VertxConnection.channel(request).attr(KEY).get() != null) {
            return false;
        }
        @Nullable SocketAddress remote = VertxConnection.remoteAddress(request, true);
        @Nullable SocketAddress local = VertxConnection.localAddress(request, true);
        return remote == null || local == null;
    }

    private Kept kept(HttpServerRequest request) {
        Attribute<Kept> attribute = VertxConnection.channel(request).attr(KEY);
        Kept kept = attribute.get();
        if (kept == null) {
            kept = keep(request);
            attribute.set(kept);
        }
        return kept;
    }

    /** The PROXY protocol's addresses count only when a trusted proxy sent them; Vert.x takes them from anyone. */
    private Kept keep(HttpServerRequest request) {
        SocketAddress peer = VertxConnection.remoteAddress(request, true);
        boolean real = !forwarding.trusts(peer.hostAddress());
        SocketAddress remote = VertxConnection.remoteAddress(request, real);
        ConnectionEnds ends = ConnectionEnds.of(
                VertxConnection.isEncrypted(request) ? "https" : "http",
                remote,
                VertxConnection.localAddress(request, real));
        boolean proxied = !real && forwarding.trusts(remote.hostAddress());
        return new Kept(ends, proxied ? null : ends.encode());
    }

    /**
     * @param ends of the connection
     * @param encoded null when a trusted proxy gives the ends of each request
     */
    private record Kept(ConnectionEnds ends, byte @Nullable [] encoded) {}
}
