package dev.relais.http;

import dev.relais.fastcgi.Params;
import io.vertx.core.net.SocketAddress;

/**
 * The addresses of the two ends of a request's connection, as texts in the form that PHP gets.
 *
 * @param remotePort empty when it is not known, as in nginx
 */
public record ConnectionEnds(String scheme, String remoteHost, String remotePort, String localHost, String localPort) {
    public static ConnectionEnds of(String scheme, SocketAddress remote, SocketAddress local) {
        return new ConnectionEnds(
                scheme,
                ClientAddress.canonical(remote.hostAddress()),
                port(remote),
                ClientAddress.canonical(local.hostAddress()),
                port(local));
    }

    /** The port; empty for a Unix socket, which has none. */
    private static String port(SocketAddress address) {
        return address.port() < 0 ? "" : Integer.toString(address.port());
    }

    ConnectionEnds withClient(ClientAddress client) {
        String port = client.port() == 0 ? "" : Integer.toString(client.port());
        return new ConnectionEnds(scheme, client.host(), port, localHost, localPort);
    }

    /** The same ends with the scheme by which the client reached the outermost proxy, and with the default port of that scheme. */
    ConnectionEnds withScheme(String forwarded) {
        String port = forwarded.equals("https") ? "443" : "80";
        return new ConnectionEnds(forwarded, remoteHost, remotePort, localHost, port);
    }

    ConnectionEnds withPort(String forwarded) {
        return new ConnectionEnds(scheme, remoteHost, remotePort, localHost, forwarded);
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
