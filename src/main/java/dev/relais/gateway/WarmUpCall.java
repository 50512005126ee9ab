package dev.relais.gateway;

import dev.relais.fastcgi.Params;
import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.PhpFunction;
import dev.relais.http.RequestTarget;
import dev.relais.sites.Application;
import dev.relais.sites.Place;
import dev.relais.sites.Site;
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
                calls.add(of(registry, function, encoded(mount(function)) + request, host(function)));
            }
        }
        return calls;
    }

    /** The path that its requests are relative to. */
    private static String mount(PhpFunction function) {
        Application application = function.application();
        return application == null ? Route.PREFIX + function.name() : application.mount();
    }

    /** A host that leads to it. A name with a star is one, too, as long as nobody has another one. */
    private static String host(PhpFunction function) {
        Application application = function.application();
        Site site = application == null ? null : application.site();
        return site == null || site.hosts().isEmpty()
                ? "localhost"
                : site.hosts().get(0).replace("*", "www");
    }

    private static WarmUpCall of(FunctionRegistry registry, PhpFunction declaring, String raw, String host) {
        RequestTarget target = RequestTarget.parse(raw);
        Route route = target == null ? null : Route.find(registry, target, host);
        if (target == null || route == null) {
            return new WarmUpCall(raw, declaring, "", "leads to no function");
        }
        PhpFunction function = route.function();
        if (!function.settings().allows("GET")) {
            return new WarmUpCall(raw, function, "", "is a GET, which the function does not take");
        }
        if (function.application() == null) {
            return new WarmUpCall(raw, function, route.pathInfo(), null);
        }
        Place place = function.application().find(Route.asked(target, route.pathInfo(), host, "", true));
        return place.kind() == Place.Kind.SCRIPT
                ? new WarmUpCall(raw, function.withScript(place), Objects.requireNonNull(place.pathInfo()), null)
                : new WarmUpCall(raw, function, "", "leads to no script");
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
        params.addUtf8("DOCUMENT_URI", function.application() == null ? parsed.path() : function.scriptName());
        params.add("SERVER_PROTOCOL", "HTTP/1.1");
        params.add("HTTP_HOST", host(function));
        params.add("SERVER_NAME", host(function));
        params.add("HTTP_USER_AGENT", "relais-warm-up");
        params.addEncoded(FunctionState.encodeOwn(function));
        return params.finish(ByteBufAllocator.DEFAULT, true);
    }
}
