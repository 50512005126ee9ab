package dev.relais.console;

import dev.relais.functions.FunctionsSchema;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** {@code GET /q/relais/functions.schema.json}: the JSON schema of {@code functions.yaml}, for editors that take it by its address. */
@Singleton
public class SchemaRoute {
    void register(@Observes ManagementInterface management) {
        management
                .router()
                .route("/q/relais/functions.schema.json")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .blockingHandler(this::handle, false);
    }

    private void handle(RoutingContext context) {
        context.response()
                .putHeader("Content-Type", "application/schema+json")
                .putHeader("Cache-Control", "no-cache")
                .putHeader("X-Content-Type-Options", "nosniff")
                .end(FunctionsSchema.text());
    }
}
