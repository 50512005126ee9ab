package dev.relais.console;

import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * {@code GET /q/relais/requests?id=<id>}: what became of the last requests with this id, and where their time went, as JSON; the newest is
 * the last. A client may send the same id more than once. It runs on a worker thread, because it looks through all that are kept.
 */
@Singleton
final class RequestsRoute {
    private final RecentRequests requests;

    RequestsRoute(RecentRequests requests) {
        this.requests = requests;
    }

    void register(@Observes ManagementInterface management) {
        management
                .router()
                .route("/q/relais/requests")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .blockingHandler(this::handle, false);
    }

    private void handle(RoutingContext context) {
        String id = context.request().getParam("id");
        if (id == null || id.isEmpty()) {
            JsonAnswer.refuse(context, 400, "id is missing");
            return;
        }
        JsonArray found = new JsonArray();
        for (PastRequest one : requests.find(id)) {
            found.add(one.json());
        }
        JsonAnswer.send(
                context, 200, new JsonObject().put("kept", requests.kept()).put("requests", found));
    }
}
