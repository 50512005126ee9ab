package dev.relais.gateway;

import dev.relais.cache.CacheStatus;
import dev.relais.cache.ResultCache;
import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.PhpFunction;
import dev.relais.http.AnswerHead;
import dev.relais.http.RequestTarget;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a method that the cache does not answer. After an unsafe one that is no error, what is stored under its URI is outdated,
 * and what is stored under those of the same origin that Location and Content-Location name (RFC 9111 section 4.4).
 */
final class UnsafeResult implements AnswerTap {
    private static final List<String> NAMING = List.of("Location", "Content-Location");

    private final Results results;
    private final FunctionRegistry registry;
    private final HttpServerRequest request;
    private final RequestTarget target;
    private final PhpFunction function;

    UnsafeResult(
            Results results,
            FunctionRegistry registry,
            HttpServerRequest request,
            RequestTarget target,
            PhpFunction function) {
        this.results = results;
        this.registry = registry;
        this.request = request;
        this.target = target;
        this.function = function;
    }

    @Override
    public List<String> visible(List<String> fields) {
        return ResultCache.visible(fields);
    }

    @Override
    public AnswerHead head(AnswerHead head) {
        results.cache().purgeBy(function, head.fields());
        if (head.status() >= 200 && head.status() < 400 && request.method() != HttpMethod.OPTIONS) {
            outdate(target, function);
            for (String field : NAMING) {
                for (int i = 0; i < head.fields().size(); i += 2) {
                    if (head.fields().get(i).equalsIgnoreCase(field)) {
                        outdate(head.fields().get(i + 1));
                    }
                }
            }
        }
        List<String> fields = new ArrayList<>(ResultCache.visible(head.fields()));
        if (results.cache().tells()) {
            fields.add(CacheStatus.FIELD);
            fields.add(CacheStatus.forwarded(CacheStatus.Forward.METHOD, 0, false, 0, false, null));
        }
        return head.withFields(fields);
    }

    private void outdate(RequestTarget named, PhpFunction owner) {
        String primary = results.primary(request, target, named, owner);
        if (primary != null) {
            results.cache().invalidate(owner, primary);
        }
    }

    private void outdate(String reference) {
        RequestTarget named = sameOrigin(reference);
        Route found = named == null ? null : Route.find(registry, named, CgiEnvironment.host(request, target));
        if (named != null && found != null) {
            outdate(named, found.function());
        }
    }

    /** The target that a reference names (RFC 3986 section 5); null when it is of another origin, or none. */
    private @Nullable RequestTarget sameOrigin(String reference) {
        try {
            String host = CgiEnvironment.host(request, target);
            String base = results.scheme(request) + "://" + (host == null ? "" : host);
            URI origin = new URI(base.toLowerCase(Locale.ROOT));
            URI resolved = new URI(base + target.origin()).resolve(new URI(reference.strip()));
            boolean same = origin.getScheme().equalsIgnoreCase(resolved.getScheme())
                    && origin.getHost() != null
                    && origin.getHost().equalsIgnoreCase(resolved.getHost())
                    && port(origin) == port(resolved);
            if (!same) {
                return null;
            }
            String path = resolved.getRawPath().isEmpty() ? "/" : resolved.getRawPath();
            return RequestTarget.parse(resolved.getRawQuery() == null ? path : path + "?" + resolved.getRawQuery());
        } catch (URISyntaxException | IllegalArgumentException e) {
            return null;
        }
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }
}
