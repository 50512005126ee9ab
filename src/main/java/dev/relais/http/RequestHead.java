package dev.relais.http;

import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of one check of a request's head. The HTTP decoders let heads through that two programs could understand
 * differently (src/docs/facts.md, fact 22).
 *
 * @param problem null when the head is valid
 * @param fieldBytes about how much memory its fields take
 */
public record RequestHead(@Nullable Problem problem, int fieldBytes) {
    /** The value of Allow where the server itself refuses a method (RFC 9110 section 15.5.6). */
    public static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    /** The memory of a field besides its characters: an entry of a map and two strings. */
    private static final int FIELD_BYTES = 128;

    /**
     * Checks a head. It is valid when Transfer-Encoding, if there is one, is one field that says exactly {@code chunked} (RFC
     * 9112 section 6.1), when HTTP/1.1 has exactly one Host and other versions at most one (section 3.2), when hosts are
     * possible ones, and when field names are tokens and values have no control characters (RFC 9110 section 5). The connection
     * of an invalid head has to end, because what follows on it could be anything. The HTTP/1 decoder has already checked names
     * and values; HTTP/2 is held to the same rules here. The decoders check Content-Length in both.
     *
     * @param maxFields the most header fields of a request
     * @param routable whether the router has accepted the request
     */
    public static RequestHead of(HttpServerRequest request, int maxFields, boolean routable) {
        String method = request.method().name();
        if (method.equals("TRACE") || request.method() == HttpMethod.CONNECT) {
            return new RequestHead(Problem.METHOD_NOT_ALLOWED, 0);
        }
        boolean http2 = request.version() == HttpVersion.HTTP_2;
        int hosts = 0;
        int codings = 0;
        int fields = 0;
        int options = 0;
        int bytes = 0;
        for (Map.Entry<String, String> header : request.headers()) {
            String name = header.getKey();
            bytes += FIELD_BYTES + name.length() + header.getValue().length();
            if (name.length() == 4 && name.equalsIgnoreCase("Host")) {
                hosts++;
            } else if (name.length() == 17 && name.equalsIgnoreCase("Transfer-Encoding")) {
                codings += header.getValue().equalsIgnoreCase("chunked") ? 1 : 2;
            } else if (name.length() == 10 && name.equalsIgnoreCase("Connection")) {
                options += HopByHop.countOptions(header.getValue());
            }
            // HTTP/2 can carry any byte (RFC 9113 section 8.2.1).
            if (name.isEmpty() || http2 && !(isName(name) && isClean(header.getValue()))) {
                return new RequestHead(Problem.MALFORMED_REQUEST, bytes);
            }
            if (http2) {
                trim(header);
            }
            fields++;
        }
        if (fields > maxFields || options > HopByHop.MOST_OPTIONS) {
            return new RequestHead(Problem.HEADER_TOO_LARGE, bytes);
        }
        if (codings > 1) {
            return new RequestHead(Problem.CODING_NOT_IMPLEMENTED, bytes);
        }
        boolean sound = routable
                && isMethod(method)
                && hosts <= 1
                && (hosts == 1 || request.version() != HttpVersion.HTTP_1_1)
                && (hosts == 0 || request.authority() != null)
                && isHost(request.authority())
                && (http2 ? isPath(request.uri()) && isScheme(request.scheme()) : hasHost(request.uri()));
        return new RequestHead(sound ? null : Problem.MALFORMED_REQUEST, bytes);
    }

    /** Whether nginx accepts this as a method. RFC 9110 section 9.1 has methods in capitals. */
    private static boolean isMethod(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if ((c < 'A' || c > 'Z') && c != '-' && c != '_') {
                return false;
            }
        }
        return true;
    }

    /** Whether no label of a host name is empty, but perhaps the last one, and no user is before it; without a host it is fine. */
    private static boolean isHost(@Nullable HostAndPort authority) {
        String host = authority == null ? "" : authority.host();
        return !host.startsWith(".") && !host.contains("..") && host.indexOf('@') < 0;
    }

    /** Whether a target in absolute form has a possible host, which takes precedence over the field (RFC 9112 section 3.2.2). */
    private static boolean hasHost(String target) {
        int start = target == null ? -1 : RequestTarget.authorityStart(target);
        if (start < 0) {
            return true;
        }
        int end = target.indexOf('/', start);
        HostAndPort host = end > 0 ? HostAndPort.parseAuthority(target.substring(start, end), -1) : null;
        return host != null && isHost(host);
    }

    /**
     * Whether {@code :path} of HTTP/2 is valid: a path, or the {@code *} of OPTIONS (RFC 9113 section 8.3.1). The authority has
     * its own field.
     */
    private static boolean isPath(String target) {
        return target != null && (target.startsWith("/") || target.equals("*"));
    }

    /** Trims a value as the HTTP/1 decoder does, so that a function sees the same value with both protocols. */
    private static void trim(Map.Entry<String, String> header) {
        String value = header.getValue();
        int from = 0;
        int to = value.length();
        while (from < to && isBlank(value.charAt(from))) {
            from++;
        }
        while (from < to && isBlank(value.charAt(to - 1))) {
            to--;
        }
        if (to - from < value.length()) {
            header.setValue(value.substring(from, to));
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isName(String name) {
        return HttpHeaderValidationUtil.validateToken(name) < 0;
    }

    private static boolean isClean(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' && c != '\t' || c == 0x7F) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether {@code :scheme} of HTTP/2 is valid. HTTP/1.1 has no scheme in its target, or one that means nothing to a server
     * that is no proxy.
     */
    private static boolean isScheme(String scheme) {
        return "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
    }
}
