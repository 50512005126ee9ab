package dev.relais.http;

import dev.relais.fastcgi.Params;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;

/**
 * The CGI variables of scheme and addresses: encoded once and kept with the channel, but for requests that come through a
 * trusted proxy, which differ. Immutable.
 */
public final class ConnectionVariables {
    private static final AttributeKey<Kept> KEY = AttributeKey.valueOf("relais.connection-variables");

    private final Forwarding forwarding;

    public ConnectionVariables(Forwarding forwarding) {
        this.forwarding = forwarding;
    }

    /** On the connection's event loop. */
    public byte[] of(HttpServerRequest request) {
        Kept kept = kept(request);
        return kept.encoded == null
                ? forwarding.ends(kept.ends, request.headers()).encode()
                : kept.encoded;
    }

    /** The client's address as PHP sees it. On the connection's event loop. */
    public String client(HttpServerRequest request) {
        Kept kept = kept(request);
        return kept.encoded == null
                ? forwarding.ends(kept.ends, request.headers()).remoteHost()
                : kept.ends.remoteHost();
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
        Ends ends = Ends.of(request.isSSL() ? "https" : "http", remote, VertxConnection.localAddress(request, real));
        boolean proxied = !real && forwarding.trusts(remote.hostAddress());
        return new Kept(ends, proxied ? null : ends.encode());
    }

    /**
     * @param ends of the connection
     * @param encoded null: a trusted proxy tells the ends of each request
     */
    private record Kept(Ends ends, byte[] encoded) {}

    /**
     * The two ends that a request has gone between. Texts, as PHP gets them.
     *
     * @param remotePort empty when it is not known, as in nginx
     */
    public record Ends(String scheme, String remoteHost, String remotePort, String localHost, String localPort) {
        public static Ends of(String scheme, SocketAddress remote, SocketAddress local) {
            return new Ends(
                    scheme,
                    ClientAddress.canonical(remote.hostAddress()),
                    port(remote),
                    ClientAddress.canonical(local.hostAddress()),
                    port(local));
        }

        /** A Unix socket has none. */
        private static String port(SocketAddress address) {
            return address.port() < 0 ? "" : Integer.toString(address.port());
        }

        Ends withClient(ClientAddress client) {
            String port = client.port() == 0 ? "" : Integer.toString(client.port());
            return new Ends(scheme, client.host(), port, localHost, localPort);
        }

        /** As the client reached the outermost proxy, most likely at the scheme's own port. */
        Ends withScheme(String forwarded) {
            String port = forwarded.equals("https") ? "443" : "80";
            return new Ends(forwarded, remoteHost, remotePort, localHost, port);
        }

        Ends withPort(String forwarded) {
            return new Ends(scheme, remoteHost, remotePort, localHost, forwarded);
        }

        public byte[] encode() {
            Params.Pairs pairs = new Params.Pairs()
                    .add("REQUEST_SCHEME", scheme)
                    .add("REMOTE_ADDR", remoteHost)
                    .add("REMOTE_PORT", remotePort)
                    .add("SERVER_ADDR", localHost)
                    .add("SERVER_PORT", localPort);
            if (scheme.equals("https")) {
                pairs.add("HTTPS", "on");
            }
            return pairs.encoded();
        }
    }
}
