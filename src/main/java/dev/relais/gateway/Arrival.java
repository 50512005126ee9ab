package dev.relais.gateway;

import io.vertx.core.http.HttpServerRequest;

/**
 * What a request's head asks for, as far as the head alone says.
 *
 * @param target null when the head, or the target itself, is not sound
 * @param found the function that it names; null: none
 * @param problem with which the request ends at once; null: none
 * @param allow for the field of that name; null: the problem has none
 */
record Arrival(RequestTarget target, Route found, Problem problem, String allow) {
    /** @param routable false when the router has found no way for it: the target has no path, or there is no host */
    static Arrival of(HttpServerRequest request, Gateway gateway, boolean routable) {
        Problem unsound = RequestHead.problemOf(request, gateway.config().maxHeaders(), routable);
        if (unsound != null) {
            boolean method = unsound == Problem.METHOD_NOT_ALLOWED;
            return new Arrival(null, null, unsound, method ? RequestHead.METHODS : null);
        }
        RequestTarget target = RequestTarget.parse(request.uri());
        if (target == null) {
            return new Arrival(null, null, Problem.MALFORMED_TARGET, null);
        }
        Route found = Route.find(gateway.functions().current(), target);
        if (found == null) {
            return new Arrival(target, null, Problem.FUNCTION_NOT_FOUND, null);
        }
        boolean allowed = found.function().settings().allows(request.method().name());
        return allowed
                ? new Arrival(target, found, null, null)
                : new Arrival(
                        target,
                        found,
                        Problem.METHOD_NOT_ALLOWED,
                        found.function().settings().allow());
    }
}
