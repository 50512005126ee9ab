package dev.relais.console;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** How the management port answers: JSON that nobody keeps, and that no browser takes for something else. */
final class JsonAnswer {
    private JsonAnswer() {}

    /** Has the JSON encoder initialised at the start: at the first answer it would hold up an event loop, and with it clients' requests. */
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
