package dev.relais.gateway;

import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.PhpFunction;
import dev.relais.http.RequestTarget;
import dev.relais.sites.Application;
import dev.relais.sites.Asked;
import dev.relais.sites.HostName;
import dev.relais.sites.Site;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The function or the site that a request target leads to.
 *
 * @param pathInfo what follows the function's name or the site's mount in the path, percent-decoded
 */
record Route(PhpFunction function, String pathInfo) {
    /** The prefix of the paths of functions. */
    static final String PREFIX = "/api/";

    /**
     * Finds what answers. A function below the prefix does, unless a site that names this host is at the path: such a site owns all of its
     * paths, its own {@code /api/} too, unless it has the functions there. All else is the sites'.
     *
     * @param host as received, perhaps with a port; null for none
     * @return null when there is none, and for a target outside the prefix or a name that extends beyond an encoded slash
     */
    static @Nullable Route find(FunctionRegistry registry, RequestTarget target, @Nullable String host) {
        Route function = function(registry, target);
        return registry.sites().isEmpty() ? function : site(registry, target, HostName.of(host), function);
    }

    private static @Nullable Route function(FunctionRegistry registry, RequestTarget target) {
        String path = target.path();
        int prefix = PREFIX.length();
        PhpFunction found = path.startsWith(PREFIX) ? registry.find(path, prefix) : null;
        if (found == null || prefix + found.name().length() > target.encodedSlash()) {
            return null;
        }
        return new Route(found, path.substring(prefix + found.name().length()));
    }

    private static @Nullable Route site(
            FunctionRegistry registry, RequestTarget target, String host, @Nullable Route function) {
        PhpFunction found = registry.sites().find(host, target.path(), target.encodedSlash());
        if (found == null) {
            return function;
        }
        Application application = Objects.requireNonNull(found.application());
        Site site = Objects.requireNonNull(application.site());
        boolean below = application.mount().startsWith(PREFIX);
        if (function != null && !below && (site.hosts().isEmpty() || site.hasFunctions())) {
            return function;
        }
        return new Route(found, target.path().substring(application.mount().length()));
    }

    /**
     * What a request asks of the application that it leads to.
     *
     * @param host as received; null for none
     * @param client the address of the client; empty when Relais itself asks
     * @param reads whether the method is GET or HEAD
     */
    static Asked asked(RequestTarget target, String path, @Nullable String host, String client, boolean reads) {
        return new Asked(
                path,
                target.encodedSlash() == Integer.MAX_VALUE
                        ? Integer.MAX_VALUE
                        : target.encodedSlash() - (target.path().length() - path.length()),
                target.query(),
                target.origin(),
                HostName.of(host),
                client,
                reads,
                false,
                Route::read);
    }

    private static @Nullable Asked read(String text, Asked before) {
        RequestTarget target = RequestTarget.parse(text);
        return target == null ? null : before.at(target.path(), target.encodedSlash(), target.query());
    }
}
