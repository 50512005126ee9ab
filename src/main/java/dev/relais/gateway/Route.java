package dev.relais.gateway;

import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.PhpFunction;
import dev.relais.http.RequestTarget;
import org.jspecify.annotations.Nullable;

/**
 * The function that a request target leads to.
 *
 * @param pathInfo what follows the function's name in the path, percent-decoded
 */
record Route(PhpFunction function, String pathInfo) {
    /** The prefix of the paths of functions. */
    static final String PREFIX = "/api/";

    /** @return null when there is none, and for a target outside the prefix or a name that extends beyond an encoded slash */
    static @Nullable Route find(FunctionRegistry registry, RequestTarget target) {
        String path = target.path();
        int prefix = PREFIX.length();
        PhpFunction found = path.startsWith(PREFIX) ? registry.find(path, prefix) : null;
        if (found == null || prefix + found.name().length() > target.encodedSlash()) {
            return null;
        }
        return new Route(found, path.substring(prefix + found.name().length()));
    }
}
