package dev.relais.console;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Who may act by the management port: who knows the token, and without it programs on this host. A browser on this host may run anyone's
 * page, so what a page of another site can send is refused: it would carry an Origin (Fetch standard, 3.2) or a Sec-Fetch-Site of another
 * site, and a name that was made to point here (DNS rebinding) is no address and not localhost. Any thread.
 */
@Singleton
public class ActionCheck {
    private static final String BEARER = "Bearer ";

    private final byte[] token; // null: there is none

    @Inject
    ActionCheck(ManagementConfig config) {
        this(config.token());
    }

    ActionCheck(Optional<String> token) {
        this.token = token.filter(text -> !text.isBlank())
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .orElse(null);
    }

    /** @return why the request is refused, in one line for its sender; null when it may act */
    public String problem(HttpServerRequest request) {
        return problem(request.remoteAddress(), request.headers());
    }

    String problem(SocketAddress remote, MultiMap headers) {
        String authorization = headers.get("Authorization");
        if (authorization != null) {
            return isToken(authorization) ? null : "the token is not that of relais.management.token";
        }
        if (!isLoopback(remote) || headers.contains("Forwarded") || headers.contains("X-Forwarded-For")) {
            return "only from this host, or with relais.management.token as Authorization: Bearer";
        }
        String site = headers.get("Sec-Fetch-Site");
        String origin = headers.get("Origin");
        boolean foreign = site != null && !site.equals("same-origin") && !site.equals("none")
                || origin != null && !isOwn(origin, headers.get("Host"));
        if (foreign) {
            return "not from a page of another site";
        }
        return isForm(headers.get("Content-Type"))
                ? "not with the Content-Type of a form, which a page of another site can send: send none, or"
                        + " application/json"
                : null;
    }

    private boolean isToken(String authorization) {
        return token != null
                && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && MessageDigest.isEqual(
                        token, authorization.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isLoopback(SocketAddress remote) {
        try {
            // An address, so no name is looked up.
            return remote != null
                    && remote.hostAddress() != null
                    && InetAddress.getByName(remote.hostAddress()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** The types that a form can send without asking first (Fetch standard, CORS-safelisted request-header). */
    private static boolean isForm(String type) {
        String lower = type == null ? "" : type.toLowerCase(java.util.Locale.ROOT);
        return lower.startsWith("application/x-www-form-urlencoded")
                || lower.startsWith("multipart/form-data")
                || lower.startsWith("text/plain");
    }

    private static boolean isOwn(String origin, String host) {
        try {
            String authority = URI.create(origin).getAuthority();
            return authority != null
                    && authority.equals(host)
                    && isHere(URI.create(origin).getHost());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isHere(String name) {
        return name != null
                && (name.equals("localhost") || name.startsWith("[") || name.matches("\\d{1,3}(\\.\\d{1,3}){3}"));
    }
}
