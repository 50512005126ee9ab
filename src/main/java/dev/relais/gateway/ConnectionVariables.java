package dev.relais.gateway;

import dev.relais.fastcgi.Params;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;

/** The CGI variables that all requests of a connection share: scheme and addresses, encoded once and kept with the channel. */
final class ConnectionVariables {
    private static final AttributeKey<byte[]> KEY = AttributeKey.valueOf("relais.connection-variables");

    private ConnectionVariables() {}

    /** Of the connection itself, whatever the request says. On its event loop. */
    static byte[] of(HttpServerRequest request) {
        ConnectionBase connection = (ConnectionBase) request.connection();
        Attribute<byte[]> attribute = connection.channel().attr(KEY);
        byte[] encoded = attribute.get();
        if (encoded == null) {
            encoded = encode(
                    connection.isSsl() ? "https" : "http", connection.remoteAddress(), connection.localAddress());
            attribute.set(encoded);
        }
        return encoded;
    }

    /** As Quarkus has taken them from the forwarding headers of this request. */
    static byte[] encode(HttpServerRequest request) {
        return encode(request.scheme(), request.remoteAddress(), request.localAddress());
    }

    private static byte[] encode(String scheme, SocketAddress remote, SocketAddress local) {
        Params.Pairs pairs = new Params.Pairs()
                .add("REQUEST_SCHEME", scheme)
                .add("REMOTE_ADDR", remote.hostAddress())
                .add("REMOTE_PORT", Integer.toString(remote.port()))
                .add("SERVER_ADDR", local.hostAddress())
                .add("SERVER_PORT", Integer.toString(local.port()));
        if ("https".equals(scheme)) {
            pairs.add("HTTPS", "on");
        }
        return pairs.encoded();
    }
}
