package dev.relais.gateway;

import dev.relais.fastcgi.Params;
import dev.relais.functions.PhpFunction;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Map;

/**
 * The CGI/1.1 variables of a request (RFC 3875 section 4.1), as PHP users know them from nginx's stock {@code fastcgi_params},
 * plus PATH_INFO. The README has the table.
 */
final class CgiEnvironment {
    private static final String SOFTWARE = "relais";

    private CgiEnvironment() {}

    /**
     * Writes all of them.
     *
     * @param bodyLength exactly the bytes of the body that follow; -1 when the request has none
     * @throws Params.PairTooLarge when one variable is over 65,000 bytes
     */
    static void write(
            Params params, HttpServerRequest request, RequestTarget target, PhpFunction function, long bodyLength) {
        List<Map.Entry<String, String>> headers = request.headers().entries();
        String host = request.getHeader("Host");
        params.addUtf8("SCRIPT_FILENAME", function.scriptFilename());
        params.addUtf8("SCRIPT_NAME", function.scriptName());
        params.addUtf8(
                "PATH_INFO",
                target.path()
                        .substring(ApiRoute.PREFIX.length() + function.name().length()));
        params.add("QUERY_STRING", target.query());
        params.add("REQUEST_METHOD", request.method().name());
        params.add("CONTENT_TYPE", orEmpty(request.getHeader("Content-Type")));
        params.add("CONTENT_LENGTH", bodyLength < 0 ? "" : Long.toString(bodyLength));
        params.add("REQUEST_URI", target.raw());
        params.addUtf8("DOCUMENT_URI", target.path());
        params.addUtf8("DOCUMENT_ROOT", function.documentRoot());
        params.add("SERVER_PROTOCOL", protocol(request.version()));
        params.add("REQUEST_SCHEME", orEmpty(request.scheme()));
        if ("https".equals(request.scheme())) {
            params.add("HTTPS", "on");
        }
        params.add("GATEWAY_INTERFACE", "CGI/1.1");
        params.add("SERVER_SOFTWARE", SOFTWARE);
        SocketAddress remote = request.remoteAddress();
        params.add("REMOTE_ADDR", orEmpty(remote.hostAddress()));
        params.add("REMOTE_PORT", Integer.toString(remote.port()));
        SocketAddress local = request.localAddress();
        params.add("SERVER_ADDR", orEmpty(local.hostAddress()));
        params.add("SERVER_PORT", Integer.toString(local.port()));
        if (host == null && request.authority() != null) {
            // HTTP/2 has :authority in place of Host (RFC 9113 section 8.3.1).
            host = request.authority().toString();
            params.add("HTTP_HOST", host);
        }
        params.add("SERVER_NAME", hostName(host));
        // PHP refuses to run without it when built with force-redirect.
        params.add("REDIRECT_STATUS", "200");
        writeHeaders(params, headers);
    }

    private static void writeHeaders(Params params, List<Map.Entry<String, String>> headers) {
        for (int i = 0, count = headers.size(); i < count; i++) {
            Map.Entry<String, String> header = headers.get(i);
            String name = header.getKey();
            // httpoxy: HTTP_PROXY would be taken for the environment variable of that name.
            if (name.equalsIgnoreCase("Proxy") || isRepeated(headers, i, name)) {
                continue;
            }
            params.addHeader(name, joined(headers, i, name, header.getValue()));
        }
    }

    private static boolean isRepeated(List<Map.Entry<String, String>> headers, int index, String name) {
        for (int i = 0; i < index; i++) {
            String other = headers.get(i).getKey();
            if (other.length() == name.length() && other.equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /** Repeated fields make one, joined by a comma (RFC 9110 section 5.3), cookies by a semicolon (RFC 9113 section 8.2.3). */
    private static String joined(List<Map.Entry<String, String>> headers, int index, String name, String value) {
        StringBuilder joined = null;
        for (int i = index + 1; i < headers.size(); i++) {
            String other = headers.get(i).getKey();
            if (other.length() == name.length() && other.equalsIgnoreCase(name)) {
                if (joined == null) {
                    joined = new StringBuilder(value);
                }
                joined.append(name.equalsIgnoreCase("Cookie") ? "; " : ", ")
                        .append(headers.get(i).getValue());
            }
        }
        return joined == null ? value : joined.toString();
    }

    private static String protocol(HttpVersion version) {
        return switch (version) {
            case HTTP_1_0 -> "HTTP/1.0";
            case HTTP_1_1 -> "HTTP/1.1";
            case HTTP_2 -> "HTTP/2.0";
        };
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
