package dev.relais.console;

import io.vertx.core.MultiMap;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may act through the management port: every sender that knows the token, or where none is set, programs on this
 * host. When a token is set every sender needs it, since PHP code runs on this host too. Without a token, a browser on this
 * host may run a page of any site. So a request that a page of another site can send is refused: it would carry an Origin
 * (Fetch standard, 3.2) or a Sec-Fetch-Site of another site. Any thread.
 */
final class ActionCheck {
    private static final String BEARER = "Bearer ";

    private final ManagementToken token;
    private final ManagementHosts hosts;

    ActionCheck(ManagementToken token, ManagementHosts hosts) {
        this.token = token;
        this.hosts = hosts;
    }

    /**
     * @param host the request's host, from its Host field or {@code :authority}
     * @return why the request is refused, in one line for its sender; null when it may act
     */
    @Nullable
    String problem(@Nullable SocketAddress remote, @Nullable String host, MultiMap headers) {
        String authorization = headers.get("Authorization");
        if (authorization != null) {
            return isToken(authorization) ? null : "the token is not that of relais.management.token";
        }
        if (token.isSet()) {
            return "only with relais.management.token as Authorization: Bearer";
        }
        if (!isLoopback(remote) || isForwarded(headers)) {
            return "only from this host, or with relais.management.token as Authorization: Bearer";
        }
        if (isForeign(headers, host)) {
            return "not from a page of another site";
        }
        return isForm(headers.get("Content-Type"))
                ? "not with the Content-Type of a form, which a page of another site can send: send none, or"
                        + " application/json"
                : null;
    }

    private boolean isToken(String authorization) {
        return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && token.is(authorization.substring(BEARER.length()).strip());
    }

    private static boolean isLoopback(@Nullable SocketAddress remote) {
        try {
            // The text is an address, so no name is looked up.
            return remote != null
                    && remote.hostAddress() != null
                    && InetAddress.getByName(remote.hostAddress()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Whether a field says that a proxy on this host forwards the request for another sender. */
    private static boolean isForwarded(MultiMap headers) {
        for (String name : headers.names()) {
            if (name.regionMatches(true, 0, "X-Forwarded-", 0, 12)
                    || name.equalsIgnoreCase("Forwarded")
                    || name.equalsIgnoreCase("X-Real-IP")
                    || name.equalsIgnoreCase("Via")) {
                return true;
            }
        }
        return false;
    }

    private boolean isForeign(MultiMap headers, @Nullable String host) {
        for (String site : headers.getAll("Sec-Fetch-Site")) {
            if (!site.equals("same-origin") && !site.equals("none")) {
                return true;
            }
        }
        for (String origin : headers.getAll("Origin")) {
            if (!isOwn(origin, host)) {
                return true;
            }
        }
        return false;
    }

    private boolean isOwn(String origin, @Nullable String host) {
        try {
            String authority = URI.create(origin).getRawAuthority();
            return authority != null && authority.equalsIgnoreCase(host) && hosts.take(authority);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Whether this is a type that a form can send without a CORS preflight (Fetch standard, CORS-safelisted request-header). */
    private static boolean isForm(@Nullable String type) {
        String lower = type == null ? "" : type.strip().toLowerCase(Locale.ROOT);
        return lower.startsWith("application/x-www-form-urlencoded")
                || lower.startsWith("multipart/form-data")
                || lower.startsWith("text/plain");
    }
}
