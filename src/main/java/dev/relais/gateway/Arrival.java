package dev.relais.gateway;

import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.FunctionSettings;
import dev.relais.http.Problem;
import dev.relais.http.RequestHead;
import dev.relais.http.RequestTarget;
import dev.relais.sites.HostName;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Where a request leads, as far as its head alone shows.
 *
 * @param target null when the head or the target is invalid
 * @param found the function that the target names; null for none
 * @param problem the problem with which the request ends at once; null for none
 * @param field an additional field of the problem's answer; null for none
 * @param value the value of that field
 */
record Arrival(
        @Nullable RequestTarget target,
        @Nullable Route found,
        @Nullable Problem problem,
        @Nullable String field,
        @Nullable String value) {
    /**
     * @param gateway has the functions in force, and the limits
     * @param routable false when the router has refused it, because the target has no path or there is no host
     * @param inFlight gives the request its id, and counts its memory
     */
    static Arrival of(HttpServerRequest request, Gateway gateway, boolean routable, InFlight inFlight) {
        RequestHead head = RequestHead.of(request, gateway.config().maxHeaders(), routable);
        inFlight.identify(); // after the client's own fields were counted
        if (!inFlight.takesMemory(head.fieldBytes())) {
            return new Arrival(null, null, Problem.MEMORY_FULL, null, null);
        }
        Problem unsound = head.problem();
        if (unsound != null) {
            return unsound == Problem.METHOD_NOT_ALLOWED
                    ? new Arrival(null, null, unsound, "Allow", RequestHead.METHODS)
                    : new Arrival(null, null, unsound, null, null);
        }
        RequestTarget target = RequestTarget.parse(request.uri());
        if (target == null) {
            return new Arrival(null, null, Problem.MALFORMED_TARGET, null, null);
        }
        FunctionRegistry registry = gateway.functions().current();
        String host = registry.sites().isEmpty() ? null : CgiEnvironment.host(request, target);
        Route found = Route.find(registry, target, host);
        if (found == null) {
            return new Arrival(target, null, nothing(registry, target, host), null, null);
        }
        FunctionSettings settings = found.function().settings();
        return settings.allows(request.method().name())
                ? new Arrival(target, found, null, null, null)
                : new Arrival(target, found, Problem.METHOD_NOT_ALLOWED, "Allow", settings.allow());
    }

    /** Why nothing answers. Without sites there are only functions. */
    private static Problem nothing(FunctionRegistry registry, RequestTarget target, @Nullable String host) {
        if (registry.sites().isEmpty() || target.path().startsWith(Route.PREFIX)) {
            return Problem.FUNCTION_NOT_FOUND;
        }
        return registry.sites().names(HostName.of(host)) ? Problem.SITE_NOT_FOUND : Problem.HOST_NOT_FOUND;
    }
}
