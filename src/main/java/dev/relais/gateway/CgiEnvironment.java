package dev.relais.gateway;

import dev.relais.fastcgi.Params;
import dev.relais.functions.PhpFunction;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Map;
import java.util.function.Function;

/**
 * The CGI/1.1 variables of a request (RFC 3875 section 4.1), as PHP users know them from nginx's stock {@code fastcgi_params},
 * plus PATH_INFO. The README has the table.
 */
final class CgiEnvironment {
    private final Function<HttpServerRequest, byte[]> connectionVariables;

    /** @param connectionVariables encodes scheme and addresses of a request: {@link ConnectionVariables#of} */
    CgiEnvironment(Function<HttpServerRequest, byte[]> connectionVariables) {
        this.connectionVariables = connectionVariables;
    }

    /**
     * Writes all of them. On the request's event loop.
     *
     * @param pathInfo what follows the script in the decoded path
     * @param bodyLength exactly the bytes of the body that follow; -1 when the request has none
     * @throws Params.PairTooLarge when one variable is over 65,000 bytes
     */
    void write(
            Params params,
            HttpServerRequest request,
            RequestTarget target,
            PhpFunction function,
            FunctionState state,
            String pathInfo,
            long bodyLength) {
        MultiMap headers = request.headers();
        params.addEncoded(state.variables(function));
        params.addEncoded(connectionVariables.apply(request));
        params.addUtf8("PATH_INFO", pathInfo);
        params.add("QUERY_STRING", target.query());
        params.add("REQUEST_METHOD", request.method().name());
        params.add("CONTENT_TYPE", orEmpty(headers.get(HttpHeaders.CONTENT_TYPE)));
        params.add("CONTENT_LENGTH", bodyLength < 0 ? "" : Long.toString(bodyLength));
        params.add("REQUEST_URI", withoutAuthority(target.raw()));
        params.addUtf8("DOCUMENT_URI", target.path());
        params.add("SERVER_PROTOCOL", protocol(request.version()));
        String host = host(request, target.raw());
        if (host != null) {
            params.add("HTTP_HOST", host);
        }
        params.add("SERVER_NAME", hostName(host));
        writeHeaders(params, headers);
    }

    private static void writeHeaders(Params params, MultiMap headers) {
        String connection = joinedOrNull(headers, "Connection");
        int index = 0;
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey();
            if (!isDropped(name, connection) && !isRepeated(headers, index, name)) {
                params.addHeader(name, joined(headers, index, name, header.getValue()));
            }
            index++;
        }
    }

    private static boolean isDropped(String name, String connection) {
        // httpoxy: HTTP_PROXY would be taken for the environment variable of that name. Host is written already.
        return name.length() == 5 && name.equalsIgnoreCase("Proxy")
                || name.length() == 4 && name.equalsIgnoreCase("Host")
                || HopByHop.isOne(name)
                || HopByHop.isNamed(connection, name);
    }

    private static String joinedOrNull(MultiMap headers, String name) {
        String value = headers.get(name);
        // One without a comma is the usual "keep-alive" or "close", which name no field.
        if (value == null || value.equalsIgnoreCase("keep-alive") || value.equalsIgnoreCase("close")) {
            return null;
        }
        return String.join(",", headers.getAll(name));
    }

    private static boolean isRepeated(MultiMap headers, int index, String name) {
        int i = 0;
        for (Map.Entry<String, String> header : headers) {
            if (i++ == index) {
                return false;
            }
            if (sameName(header.getKey(), name)) {
                return true;
            }
        }
        return false;
    }

    /** Repeated fields make one, joined by a comma (RFC 9110 section 5.3), cookies by a semicolon (RFC 9113 section 8.2.3). */
    private static String joined(MultiMap headers, int index, String name, String value) {
        StringBuilder joined = null;
        int i = 0;
        for (Map.Entry<String, String> header : headers) {
            if (i++ > index && sameName(header.getKey(), name)) {
                if (joined == null) {
                    joined = new StringBuilder(value);
                }
                joined.append(name.equalsIgnoreCase("Cookie") ? "; " : ", ").append(header.getValue());
            }
        }
        return joined == null ? value : joined.toString();
    }

    private static boolean sameName(String one, String other) {
        return one.length() == other.length() && one.equalsIgnoreCase(other);
    }

    private static String protocol(HttpVersion version) {
        return switch (version) {
            case HTTP_1_0 -> "HTTP/1.0";
            case HTTP_1_1 -> "HTTP/1.1";
            case HTTP_2 -> "HTTP/2.0";
        };
    }

    /**
     * With its port, as received. The authority of an absolute target goes before Host (RFC 9112 section 3.2.2), and HTTP/2 has
     * {@code :authority} in its place (RFC 9113 section 8.3.1). Null when there is none.
     */
    private static String host(HttpServerRequest request, String target) {
        int path = pathStart(target);
        if (path > 0) {
            return target.substring(target.indexOf("://") + 3, path);
        }
        String host = request.getHeader(HttpHeaders.HOST);
        return host != null || request.authority() == null
                ? host
                : request.authority().toString();
    }

    private static String withoutAuthority(String target) {
        return target.substring(pathStart(target));
    }

    /** 0 but for an absolute target, which the registry has found a path in. */
    private static int pathStart(String target) {
        return target.charAt(0) == '/' ? 0 : target.indexOf('/', target.indexOf("://") + 3);
    }

    /** The host without its port; brackets of an IPv6 address stay, as in nginx. */
    private static String hostName(String host) {
        if (host == null) {
            return "";
        }
        int bracket = host.lastIndexOf(']');
        int colon = host.indexOf(':', Math.max(0, bracket));
        return colon < 0 ? host : host.substring(0, colon);
    }

    private static String orEmpty(String value) {
        return value == null ? "" : value;
    }
}
