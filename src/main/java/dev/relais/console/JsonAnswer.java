package dev.relais.console;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Answers on the management port with JSON that no cache stores and that no browser takes for another type. */
final class JsonAnswer {
    private JsonAnswer() {}

    /**
     * Initialises the JSON encoder at the start, because doing so at the first answer would block an event loop and the
     * clients' requests on it.
     */
    static void prepare() {
        new JsonObject().put("problem", "none").encodePrettily();
    }

    static void send(RoutingContext context, int status, JsonObject body) {
        HttpServerResponse response = context.response();
        if (!response.ended() && !response.closed()) {
            response.setStatusCode(status)
                    .putHeader("Content-Type", "application/json")
                    .putHeader("Cache-Control", "no-store")
                    .putHeader("X-Content-Type-Options", "nosniff")
                    .end(body.encodePrettily());
        }
    }

    static void refuse(RoutingContext context, int status, String problem) {
        send(context, status, new JsonObject().put("problem", problem));
    }
}
