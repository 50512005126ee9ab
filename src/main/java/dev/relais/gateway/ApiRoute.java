package dev.relais.gateway;

import io.quarkus.runtime.LaunchMode;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * The route {@code /api/*}. Registered on the router and not as a {@code @Route} method, because that would put Vert.x' body
 * handler in front, which buffers whole bodies (DESIGN.md fact 20).
 */
@ApplicationScoped
public class ApiRoute {
    static final String PREFIX = "/api/";

    private final Gateway gateway;

    ApiRoute(Gateway gateway) {
        this.gateway = gateway;
    }

    void register(@Observes Router router) {
        router.route("/api/*").handler(this::handle);
        if (LaunchMode.current() != LaunchMode.DEVELOPMENT) {
            // In dev mode Quarkus has pages of its own on this port.
            router.route().last().handler(this::handle);
        }
    }

    private void handle(RoutingContext context) {
        new Invocation(gateway, gateway.edge(), context.request(), System.nanoTime()).begin();
    }
}
