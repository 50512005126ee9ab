package dev.relais.gateway;

import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.FunctionSettings;
import dev.relais.http.Problem;
import dev.relais.http.RequestHead;
import dev.relais.http.RequestTarget;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Where a request leads, as far as its head alone says.
 *
 * @param target null when the head, or the target itself, is not sound
 * @param found the function that it names; null: none
 * @param problem with which the request ends at once; null: none
 * @param field that the problem's answer has beside its own; null: none
 * @param value of that field
 */
record Arrival(
        @Nullable RequestTarget target,
        @Nullable Route found,
        @Nullable Problem problem,
        @Nullable String field,
        @Nullable String value) {
    /**
     * @param registry the functions that there are now
     * @param maxFields more header fields than this are too many
     * @param routable false when the router has found no way for it: the target has no path, or there is no host
     * @param inFlight takes the memory for it
     */
    static Arrival of(
            HttpServerRequest request, FunctionRegistry registry, int maxFields, boolean routable, InFlight inFlight) {
        RequestHead head = RequestHead.of(request, maxFields, routable);
        if (!inFlight.takesMemory(head.fieldBytes())) {
            return new Arrival(null, null, Problem.MEMORY_FULL, "Retry-After", "1");
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
        Route found = Route.find(registry, target);
        if (found == null) {
            return new Arrival(target, null, Problem.FUNCTION_NOT_FOUND, null, null);
        }
        FunctionSettings settings = found.function().settings();
        return settings.allows(request.method().name())
                ? new Arrival(target, found, null, null, null)
                : new Arrival(target, found, Problem.METHOD_NOT_ALLOWED, "Allow", settings.allow());
    }
}
