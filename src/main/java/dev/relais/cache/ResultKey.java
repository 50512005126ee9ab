package dev.relais.cache;

import dev.relais.functions.CacheSettings;
import dev.relais.http.RequestTarget;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Says which requests to a function are the same. All that reaches PHP and is not left out by the function's author is a part of it:
 * the primary part names the resource, by which it is found, invalidated and purged; the exact part has what may make a difference to
 * PHP although it names the same resource. A request whose exact part differs never gets the other's answer. Immutable.
 *
 * @param primary the version of the code, scheme, authority, path and query, in normal form
 * @param exact the target and the authority as received where they are not in normal form, the fields that steer, and the chosen
 *     fields and cookies; empty for most requests
 */
public record ResultKey(String primary, String exact) {
    /** Separates parts; no field, host or target has it. */
    private static final char END = '\n';

    /**
     * @param version of the function's code
     * @param scheme as PHP sees it
     * @param authority as PHP sees it; null for none
     * @param headers of the request
     * @return null when no request like this is answered from the cache
     */
    public static @Nullable ResultKey of(
            String version,
            String scheme,
            @Nullable String authority,
            RequestTarget target,
            CacheSettings settings,
            CacheRequest request,
            MultiMap headers) {
        String primary = primary(version, scheme, authority, target, settings);
        return primary == null
                ? null
                : new ResultKey(primary, exact(scheme, authority, target, settings, request, headers));
    }

    /** The primary part alone, which is known for a URI that is only named, as in Location. */
    public static @Nullable String primary(
            String version, String scheme, @Nullable String authority, RequestTarget target, CacheSettings settings) {
        String query = QueryKey.of(target.query(), settings.query(), settings.sortedQuery());
        if (query == null) {
            return null;
        }
        String host = authority == null ? "" : normal(authority, scheme);
        StringBuilder key = new StringBuilder(
                version.length() + host.length() + target.path().length() + query.length() + 12);
        key.append(version)
                .append(END)
                .append(scheme)
                .append("://")
                .append(host)
                .append(target.path());
        if (!query.isEmpty()) {
            key.append('?').append(query);
        }
        return key.toString();
    }

    /** Where the path begins in a primary part. */
    static int pathStart(String primary) {
        return primary.indexOf('/', primary.indexOf("://", primary.indexOf(END)) + 3);
    }

    /** Whether a resource lies at a path or below it, whatever its host and query. */
    static boolean isAt(String primary, String path) {
        int from = pathStart(primary);
        if (!primary.startsWith(path, from)) {
            return false;
        }
        int end = from + path.length();
        return end == primary.length()
                || primary.charAt(end) == '?'
                || primary.charAt(end) == '/'
                || path.endsWith("/");
    }

    /** In small letters, without the scheme's own port (RFC 9110 section 4.2.3). */
    static String normal(String authority, String scheme) {
        String port = scheme.equals("https") ? ":443" : ":80";
        String host = authority.endsWith(port) ? authority.substring(0, authority.length() - port.length()) : authority;
        return host.toLowerCase(Locale.ROOT);
    }

    private static String exact(
            String scheme,
            @Nullable String authority,
            RequestTarget target,
            CacheSettings settings,
            CacheRequest request,
            MultiMap headers) {
        StringBuilder exact = null;
        if (authority != null && !normal(authority, scheme).equals(authority)) {
            exact = new StringBuilder().append("host ").append(authority).append(END);
        }
        String origin = target.origin();
        if (!isNormal(origin, target)) {
            int query = origin.indexOf('?');
            exact = exact == null ? new StringBuilder() : exact;
            exact.append("path ")
                    .append(query < 0 ? origin : origin.substring(0, query))
                    .append(END);
        }
        if (origin.endsWith("?")) {
            exact = exact == null ? new StringBuilder() : exact;
            exact.append("empty query").append(END); // REQUEST_URI ends with a question mark
        }
        if (!request.steering().isEmpty()) {
            exact = exact == null ? new StringBuilder() : exact;
            exact.append(request.steering()).append(END);
        }
        List<String> fields = settings.headers();
        for (int i = 0; i < fields.size(); i++) {
            exact = exact == null ? new StringBuilder() : exact;
            Selection.append(exact, fields.get(i), headers);
        }
        List<String> cookies = settings.cookies();
        if (cookies != null && !cookies.isEmpty() && request.cookie()) {
            exact = exact == null ? new StringBuilder() : exact;
            CookieKey.append(exact, cookies, headers.getAll("Cookie"));
        }
        return exact == null ? "" : exact.toString();
    }

    /** Whether the path of the target was received as it is in normal form, so that PHP sees nothing else. */
    private static boolean isNormal(String origin, RequestTarget target) {
        String path = target.path();
        return origin.startsWith(path)
                && (origin.length() == path.length() || origin.charAt(path.length()) == '?')
                && target.encodedSlash() == Integer.MAX_VALUE;
    }
}
