package dev.relais.gateway;

import dev.relais.http.ClientConnection;
import dev.relais.http.RequestTarget;
import io.quarkus.runtime.LaunchMode;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * The route for all requests on the public port; functions are at {@code /api/*}. It is registered on the router and is no
 * {@code @Route} method, because Quarkus would put Vert.x' body handler before such a method, which buffers whole bodies
 * (src/docs/facts.md, fact 20).
 */
@Singleton
public class ApiRoute {
    private final boolean developing = LaunchMode.current() == LaunchMode.DEVELOPMENT;
    private final Gateway gateway;

    ApiRoute(Gateway gateway) {
        this.gateway = gateway;
    }

    void register(@Observes Router router) {
        // The route has no path, since the router would match it against its own normal form of the request's path.
        // RequestTarget's normal form is the only one here.
        router.route().handler(this::handle).failureHandler(this::refuse);
    }

    /** What a server that is not Quarkus' needs to serve the functions of this gateway. */
    public static Handler<HttpServerRequest> serving(Gateway gateway, Vertx vertx) {
        Router router = Router.router(vertx);
        new ApiRoute(gateway).register(router);
        return router;
    }

    private void handle(RoutingContext context) {
        if (developing && isForQuarkus(context.request())) {
            context.next();
        } else {
            begin(context, true);
        }
    }

    /** Whether Quarkus answers this path, because in dev mode it has pages of its own on this port. */
    private boolean isForQuarkus(HttpServerRequest request) {
        RequestTarget target = RequestTarget.parse(request.uri());
        return target != null
                && !target.path().startsWith(Route.PREFIX)
                && (target.path().startsWith("/q/")
                        || Route.find(gateway.functions().current(), target, CgiEnvironment.host(request, target))
                                == null);
    }

    /** Answers what the router itself refuses before any route: a request without host (400) or without path (404). */
    private void refuse(RoutingContext context) {
        if (context.statusCode() == 400 || context.statusCode() == 404) {
            begin(context, false);
        } else {
            context.next();
        }
    }

    private void begin(RoutingContext context, boolean routable) {
        // The turn of a pipelined request may come when its client has long gone.
        if (!ClientConnection.isOpen(context.request())) {
            return;
        }
        HttpServerRequest request = context.request();
        HttpServerResponse response = request.response();
        if (request.version() != HttpVersion.HTTP_2 && response.writeQueueFull()) {
            // The client has not taken the answers before this one. A client that sends requests and reads no answers
            // delays only itself.
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
