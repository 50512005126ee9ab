package dev.relais.gateway;

import dev.relais.body.RequestBody;
import dev.relais.fastcgi.Params;
import dev.relais.functions.PhpFunction;
import dev.relais.http.ConnectionVariables;
import dev.relais.http.Framing;
import dev.relais.http.HopByHop;
import dev.relais.http.RequestId;
import dev.relais.http.RequestTarget;
import dev.relais.http.WeakenedTags;
import dev.relais.sites.HostName;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The CGI/1.1 variables of a request (RFC 3875 section 4.1), as PHP users know them from nginx's stock {@code fastcgi_params},
 * plus PATH_INFO. src/docs/http-and-cgi.md has the table.
 */
final class CgiEnvironment {
    private final Function<HttpServerRequest, byte[]> connectionVariables;
    private final int seed = ThreadLocalRandom.current().nextInt(); // for the hashes of field names

    /** @param connectionVariables encodes scheme and addresses of a request, as {@link ConnectionVariables#of} does */
    CgiEnvironment(Function<HttpServerRequest, byte[]> connectionVariables) {
        this.connectionVariables = connectionVariables;
    }

    /**
     * Encodes the FastCGI request without its body, with the variables that {@link #write} writes.
     *
     * @param body null when there is none
     */
    ByteBuf encode(
            Params params,
            HttpServerRequest request,
            RequestTarget target,
            PhpFunction function,
            FunctionState state,
            String pathInfo,
            @Nullable RequestBody body) {
        params.begin();
        write(params, request, target, function, state, pathInfo, length(request, body));
        return params.finish(ByteBufAllocator.DEFAULT, body == null || body.size() == 0);
    }

    /** The length of the body; -1 when there is none. In HTTP/2 only the end of the stream says that a request has none. */
    private static long length(HttpServerRequest request, @Nullable RequestBody body) {
        return body == null || body.size() == 0 && !Framing.isAnnounced(request) ? -1 : body.size();
    }

    /**
     * Writes all variables. Called on the request's event loop.
     *
     * @param pathInfo what follows the script in the percent-decoded path
     * @param bodyLength the exact number of bytes of the body; -1 when the request has none
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
        params.add("REQUEST_URI", target.origin());
        // Behind an application's own decisions the script is what the path means, as behind nginx' try_files.
        params.addUtf8("DOCUMENT_URI", function.application() == null ? target.path() : function.scriptName());
        params.add("SERVER_PROTOCOL", protocol(request.version()));
        String host = host(request, target);
        if (host != null) {
            params.add("HTTP_HOST", host);
        }
        params.add("SERVER_NAME", function.isSite() ? HostName.of(host) : hostName(host));
        String id = RequestId.of(request);
        if (id != null) {
            params.add("UNIQUE_ID", id); // as Apache's mod_unique_id calls it
            params.add("HTTP_X_REQUEST_ID", id);
        }
        writeHeaders(params, headers, state.lane() == null ? null : state.lane().cookie(request));
        params.addEncoded(state.ownVariables(function)); // the last value of a name counts
    }

    /** @param cookie one more; null for none */
    private void writeHeaders(Params params, MultiMap headers, @Nullable String cookie) {
        Set<String> options = HopByHop.options(headers);
        JoinedFields fields = new JoinedFields(seed);
        if (cookie != null) {
            fields.add("Cookie", cookie);
        }
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey();
            if (!isDropped(name, options)) {
                fields.add(name, header.getValue());
            }
        }
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            String value = fields.value(i);
            params.addHeader(name, WeakenedTags.areIn(name) ? WeakenedTags.strong(value) : value);
        }
    }

    private static boolean isDropped(String name, Set<String> options) {
        // HTTP_PROXY would be taken for the environment variable of that name (the httpoxy attack). Host and the id are
        // already written.
        return name.length() == 5 && name.equalsIgnoreCase("Proxy")
                || name.length() == 4 && name.equalsIgnoreCase("Host")
                || RequestId.isName(name)
                || HopByHop.isOne(name)
                || !options.isEmpty() && options.contains(name.toLowerCase(Locale.ROOT));
    }

    static String protocol(HttpVersion version) {
        return switch (version) {
            case HTTP_1_0 -> "HTTP/1.0";
            case HTTP_1_1 -> "HTTP/1.1";
            case HTTP_2 -> "HTTP/2.0";
        };
    }

    /**
     * The host with its port, as received; null when there is none. The authority of an absolute target takes precedence over
     * Host (RFC 9112 section 3.2.2), and HTTP/2 has {@code :authority} instead (RFC 9113 section 8.3.1).
     */
    static @Nullable String host(HttpServerRequest request, @Nullable RequestTarget target) {
        String absolute = target == null ? null : target.authority();
        if (absolute != null) {
            return absolute;
        }
        String host = request.getHeader(HttpHeaders.HOST);
        return host != null || request.authority() == null
                ? host
                : request.authority().toString();
    }

    /** The host without its port. The brackets of an IPv6 address stay, as in nginx. */
    private static String hostName(@Nullable String host) {
        if (host == null) {
            return "";
        }
        int bracket = host.lastIndexOf(']');
        int colon = host.indexOf(':', Math.max(0, bracket));
        return colon < 0 ? host : host.substring(0, colon);
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }
}
