package dev.relais.http;

import dev.relais.ConfigurationProblem;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Locale;

/**
 * Finds the client behind trusted proxies, as nginx does with {@code real_ip_recursive on}: it begins with the connection's
 * peer and goes through the header from right to left, as long as each address is a trusted proxy's. Anyone may have written
 * what is further left. (Quarkus' own forwarding takes the leftmost address.) Immutable.
 */
public final class Forwarding {
    private final TrustedProxies proxies;
    private final ForwardingHeader header;

    private Forwarding(TrustedProxies proxies, ForwardingHeader header) {
        this.proxies = proxies;
        this.header = header;
    }

    /**
     * @param quarkusForwarding {@code quarkus.http.proxy.proxy-address-forwarding}
     * @param proxyProtocol {@code quarkus.http.proxy.use-proxy-protocol}
     * @throws ConfigurationProblem when clients could choose their own address
     */
    public static Forwarding of(GatewayConfig config, boolean quarkusForwarding, boolean proxyProtocol) {
        TrustedProxies proxies = new TrustedProxies(config.trustedProxies().orElse(List.of()));
        if (quarkusForwarding) {
            throw new ConfigurationProblem(
                    "quarkus.http.proxy.proxy-address-forwarding",
                    true,
                    "it believes the first address in the header, which any client can write, and hides repeated Hosts",
                    "remove it, and name your proxies in relais.http.trusted-proxies");
        }
        if (proxyProtocol && proxies.isEmpty()) {
            throw new ConfigurationProblem(
                    "quarkus.http.proxy.use-proxy-protocol",
                    true,
                    "without trusted proxies any client could say who it is",
                    "name your proxies in relais.http.trusted-proxies");
        }
        return new Forwarding(proxies, config.forwardingHeader());
    }

    /** Whether the forwarding headers from this address are believed. */
    boolean trusts(String host) {
        byte[] address = proxies.isEmpty() ? null : ClientAddress.bytes(host);
        return address != null && proxies.contain(address);
    }

    /** The ends of a request that came through a trusted proxy, as the proxy gives them. */
    ConnectionEnds ends(ConnectionEnds ends, MultiMap headers) {
        boolean standard = header == ForwardingHeader.FORWARDED;
        ForwardedElements elements = standard
                ? ForwardedElements.ofForwarded(headers.getAll("Forwarded"))
                : ForwardedElements.ofLists(headers.getAll("X-Forwarded-For"), headers.getAll("X-Forwarded-Proto"));
        ConnectionEnds seen = ends;
        int at = elements.clients().size();
        ClientAddress client = null;
        while (at > 0 && (client == null || proxies.contain(client.bytes()))) {
            ClientAddress next = ClientAddress.parse(elements.clients().get(at - 1));
            if (next == null) {
                break;
            }
            client = next;
            seen = ends.withClient(client);
            at--;
        }
        String scheme = elements.scheme(at);
        if (scheme.equalsIgnoreCase("https") || scheme.equalsIgnoreCase("http")) {
            seen = seen.withScheme(scheme.toLowerCase(Locale.ROOT));
        }
        String port = standard ? null : headers.get("X-Forwarded-Port");
        return port == null || ClientAddress.port(port) < 0 ? seen : seen.withPort(port);
    }
}
