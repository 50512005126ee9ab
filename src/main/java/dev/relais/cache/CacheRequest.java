package dev.relais.cache;

import dev.relais.cache.CacheControl.Flag;
import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a GET or HEAD request matters to the cache, found in one pass over its fields. Immutable.
 *
 * @param head whether it is a HEAD request
 * @param control its Cache-Control
 * @param cookie whether it has cookies
 * @param authorization whether it has credentials
 * @param range its Range; null for none
 * @param conditional whether it has If-None-Match or If-Modified-Since
 * @param forOrigin whether it has a condition that only PHP can check (RFC 9111 section 4.3.2)
 * @param steering the fields by which a client could steer an application that believes them, with their values; empty when it has
 *     none
 */
public record CacheRequest(
        boolean head,
        CacheControl control,
        boolean cookie,
        boolean authorization,
        @Nullable String range,
        boolean conditional,
        boolean forOrigin,
        String steering) {
    /**
     * Fields that name another host, path, scheme, method or client than the request does. PHP gets them, and frameworks may build
     * links or even find their route by them, without saying so in Vary.
     */
    private static final Set<String> STEERING = Set.of(
            "forwarded",
            "front-end-https",
            "x-host",
            "x-http-host-override",
            "x-http-method",
            "x-http-method-override",
            "x-method-override",
            "x-url-scheme",
            "x-scheme",
            "x-proto",
            "x-real-ip",
            "x-client-ip",
            "x-cluster-client-ip",
            "x-remote-ip",
            "x-remote-addr",
            "x-originating-ip",
            "x-custom-ip-authorization",
            "x-backend-host",
            "x-envoy-original-path",
            "x-http-destinationurl",
            "x-proxy-url",
            "x-wap-profile",
            "true-client-ip",
            "client-ip",
            "cf-connecting-ip",
            "fastly-client-ip",
            "base-url",
            "request-uri",
            "http-url",
            "proxy-host",
            "proxy-url");

    private static final String[] PREFIXES = {"x-forwarded-", "x-original-", "x-rewrite-"};

    /** What only says who the client is: it differs with each client, and a trusted proxy gives it. */
    private static final Set<String> CLIENT =
            Set.of("x-forwarded-for", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip", "client-ip");

    /**
     * @param proxied whether a trusted proxy has sent the request, whose fields about the client are believed
     */
    public static CacheRequest of(boolean head, MultiMap headers, boolean proxied) {
        CacheControl control = CacheControl.EMPTY;
        boolean cookie = false;
        boolean authorization = false;
        boolean conditional = false;
        boolean forOrigin = false;
        String range = null;
        StringBuilder steering = null;
        for (Map.Entry<String, String> field : headers) {
            String name = field.getKey();
            switch (name.length()) {
                case 5 -> range = is(name, "Range") ? field.getValue() : range;
                case 6 -> cookie |= is(name, "Cookie");
                case 8 -> forOrigin |= is(name, "If-Match");
                case 13 -> {
                    authorization |= is(name, "Authorization");
                    conditional |= is(name, "If-None-Match");
                    if (control == CacheControl.EMPTY && is(name, "Cache-Control")) {
                        control = CacheControl.of(headers.getAll("Cache-Control"));
                    }
                }
                case 17 -> conditional |= is(name, "If-Modified-Since");
                case 19 -> forOrigin |= is(name, "If-Unmodified-Since");
                default -> {}
            }
            if (maySteer(name) && isSteering(name, proxied)) {
                steering = steering == null ? new StringBuilder() : steering;
                String value = field.getValue();
                steering.append('\n')
                        .append(canonical(name))
                        .append('=')
                        .append(proxied && name.length() == 9 ? withoutClients(value) : value);
            }
        }
        return new CacheRequest(
                head,
                control,
                cookie,
                authorization,
                range,
                conditional,
                forOrigin,
                steering == null ? "" : steering.toString());
    }

    public boolean isNoStore() {
        return control.has(Flag.NO_STORE);
    }

    /** The first letter and the length tell nearly all fields of nearly all requests from those that steer. */
    private static boolean maySteer(String name) {
        int length = name.length();
        return switch (length == 0 ? 0 : name.charAt(0) | 0x20) {
            case 'x' -> true;
            case 'f' -> length == 9 || length == 15 || length == 16;
            case 't' -> length == 14;
            case 'c' -> length == 9 || length == 16;
            case 'b', 'h' -> length == 8;
            case 'r' -> length == 11;
            case 'p' -> length == 9 || length == 10;
            default -> false;
        };
    }

    private static boolean isSteering(String name, boolean proxied) {
        String canonical = canonical(name);
        boolean found = STEERING.contains(canonical);
        for (int i = 0; i < PREFIXES.length && !found; i++) {
            found = canonical.startsWith(PREFIXES[i]);
        }
        return found && !(proxied && CLIENT.contains(canonical));
    }

    /** PHP sees no difference between a dash and an underscore. */
    private static String canonical(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A trusted proxy's Forwarded without the parameters that differ with each client. */
    private static String withoutClients(String forwarded) {
        StringBuilder kept = new StringBuilder();
        for (String pair : forwarded.split("[;,]")) {
            String part = pair.strip();
            if (!part.regionMatches(true, 0, "for=", 0, 4) && !part.regionMatches(true, 0, "by=", 0, 3)) {
                kept.append(part).append(';');
            }
        }
        return kept.toString();
    }

    private static boolean is(String name, String wanted) {
        return name.equalsIgnoreCase(wanted);
    }
}
