package dev.relais.gateway;

import dev.relais.http.ClientConnection;
import dev.relais.http.RequestTarget;
import io.quarkus.runtime.LaunchMode;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * The route of everything on the public port, of which functions are at {@code /api/*}. It is registered on the router and is no
 * {@code @Route} method, because that would put Vert.x' body handler in front, which buffers whole bodies (src/docs/facts.md, fact 20).
 */
@ApplicationScoped
public class ApiRoute {
    private final boolean developing = LaunchMode.current() == LaunchMode.DEVELOPMENT;
    private final Gateway gateway;

    ApiRoute(Gateway gateway) {
        this.gateway = gateway;
    }

    void register(@Observes Router router) {
        // Without a path, which the router would match against a normal form of its own: RequestTarget's is the only
        // one.
        router.route().handler(this::handle).failureHandler(this::refuse);
    }

    private void handle(RoutingContext context) {
        if (developing && isForQuarkus(context.request().uri())) {
            context.next();
        } else {
            begin(context, true);
        }
    }

    /** In dev mode Quarkus has pages of its own on this port. */
    private static boolean isForQuarkus(String uri) {
        RequestTarget target = RequestTarget.parse(uri);
        return target != null && !target.path().startsWith(Route.PREFIX);
    }

    /** The router's own refusals, before any route: no host (400), no path (404). */
    private void refuse(RoutingContext context) {
        if (context.statusCode() == 400 || context.statusCode() == 404) {
            begin(context, false);
        } else {
            context.next();
        }
    }

    private void begin(RoutingContext context, boolean routable) {
        // A pipelined request may come up for its turn when its client has long gone.
        if (!ClientConnection.isOpen(context.request())) {
            return;
        }
        HttpServerRequest request = context.request();
        HttpServerResponse response = request.response();
        if (request.version() != HttpVersion.HTTP_2 && response.writeQueueFull()) {
            // Its client has not taken the answers before this one: a client that sends requests and reads no answers
            // holds up only itself.
            response.drainHandler(drained -> {
                response.drainHandler(null);
                invoke(request, routable);
            });
        } else {
            invoke(request, routable);
        }
    }

    private void invoke(HttpServerRequest request, boolean routable) {
        new Invocation(gateway, gateway.edge(), request, gateway.clock().getAsLong()).begin(routable);
    }
}
