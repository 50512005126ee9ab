package dev.relais.gateway;

import dev.relais.fastcgi.Params;
import dev.relais.functions.Application;
import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.PhpFunction;
import dev.relais.http.RequestTarget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A GET request from this host that {@code functions.yaml} declares, and that new workers answer before they serve.
 *
 * @param target the request target
 * @param function the function, with the script that answers
 * @param pathInfo what follows the script in the path
 * @param problem why the call cannot be made; null when it can
 */
public record WarmUpCall(
        String target,
        PhpFunction function,
        String pathInfo,
        @Nullable String problem) {
    /**
     * The calls of all functions, sorted by name and in the order of the file. Blocks, because an application's scripts are
     * looked up.
     */
    public static List<WarmUpCall> of(FunctionRegistry registry) {
        List<WarmUpCall> calls = new ArrayList<>();
        for (PhpFunction function : registry.all()) {
            for (String request : function.settings().warmUp()) {
                calls.add(of(registry, function, encoded(Route.PREFIX + function.name()) + request));
            }
        }
        return calls;
    }

    private static WarmUpCall of(FunctionRegistry registry, PhpFunction declaring, String raw) {
        RequestTarget target = RequestTarget.parse(raw);
        Route route = target == null ? null : Route.find(registry, target);
        if (route == null) {
            return new WarmUpCall(raw, declaring, "", "leads to no function");
        }
        PhpFunction function = route.function();
        if (!function.settings().allows("GET")) {
            return new WarmUpCall(raw, function, "", "is a GET, which the function does not take");
        }
        if (function.application() == null) {
            return new WarmUpCall(raw, function, route.pathInfo(), null);
        }
        Application.Place place = function.application().find(route.pathInfo());
        return switch (place.kind()) {
            case SCRIPT ->
                new WarmUpCall(raw, function.withScript(place), Objects.requireNonNull(place.pathInfo()), null);
            case NONE -> new WarmUpCall(raw, function, route.pathInfo(), null);
            default -> new WarmUpCall(raw, function, "", "leads to no script");
        };
    }

    private static String encoded(String path) {
        try {
            return new URI(null, null, path, null).toASCIIString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(path, e);
        }
    }

    /** Encodes the whole FastCGI request, which the caller releases. Called only when there is no problem. */
    public ByteBuf encode() {
        RequestTarget parsed = Objects.requireNonNull(RequestTarget.parse(target));
        Params params = new Params();
        params.begin();
        params.addEncoded(FunctionState.encode(function));
        params.add("REQUEST_SCHEME", "http");
        params.add("REMOTE_ADDR", "127.0.0.1");
        params.add("REMOTE_PORT", "0");
        params.add("SERVER_ADDR", "127.0.0.1");
        params.add("SERVER_PORT", "80");
        params.addUtf8("PATH_INFO", pathInfo);
        params.add("QUERY_STRING", parsed.query());
        params.add("REQUEST_METHOD", "GET");
        params.add("CONTENT_TYPE", "");
        params.add("CONTENT_LENGTH", "");
        params.add("REQUEST_URI", target);
        params.addUtf8("DOCUMENT_URI", parsed.path());
        params.add("SERVER_PROTOCOL", "HTTP/1.1");
        params.add("HTTP_HOST", "localhost");
        params.add("SERVER_NAME", "localhost");
        params.add("HTTP_USER_AGENT", "relais-warm-up");
        return params.finish(ByteBufAllocator.DEFAULT, true);
    }
}
