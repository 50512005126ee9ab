package dev.relais.gateway;

import dev.relais.cache.CacheRequest;
import dev.relais.cache.Question;
import dev.relais.cache.ResultCache;
import dev.relais.cache.ResultKey;
import dev.relais.functions.CacheSettings;
import dev.relais.functions.PhpFunction;
import dev.relais.http.ConnectionVariables;
import dev.relais.http.Framing;
import dev.relais.http.RequestTarget;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the invocations of this gateway need of the result cache. */
final class Results {
    private final ResultCache cache;
    private final ConnectionVariables connections;

    Results(ResultCache cache, ConnectionVariables connections) {
        this.cache = cache;
        this.connections = connections;
    }

    ResultCache cache() {
        return cache;
    }

    static boolean isRead(HttpServerRequest request) {
        return request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD;
    }

    /** A GET or HEAD request as a question; one with a body is never answered from the cache, since the body is no part of the key. */
    Question ask(HttpServerRequest request, RequestTarget target, PhpFunction function) {
        CacheSettings settings = function.settings().cache();
        CacheRequest facts =
                CacheRequest.of(request.method() == HttpMethod.HEAD, request.headers(), connections.isProxied(request));
        String version = Framing.mayHaveBody(request) ? null : cache.version(function);
        Supplier<@Nullable ResultKey> key = version == null
                ? null
                : () -> ResultKey.of(
                        version,
                        connections.scheme(request),
                        CgiEnvironment.host(request, target),
                        target,
                        settings,
                        facts,
                        request.headers());
        return cache.ask(function, settings, key, facts, request.headers());
    }

    /** The primary part of the key of a URI of this request's origin; null when nothing is kept for it. */
    @Nullable
    String primary(HttpServerRequest request, RequestTarget target, RequestTarget named, PhpFunction function) {
        String version = cache.version(function);
        return version == null
                ? null
                : ResultKey.primary(
                        version,
                        connections.scheme(request),
                        CgiEnvironment.host(request, target),
                        named,
                        function.settings().cache());
    }

    String scheme(HttpServerRequest request) {
        return connections.scheme(request);
    }
}
