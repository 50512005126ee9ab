package dev.relais.dev;

import dev.relais.functions.Functions;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** The pages of dev mode on the public port: the list of functions, and what pages need that load themselves anew. Before all other routes. */
@Singleton
public class DevRoutes {
    private static final int FIRST = Integer.MIN_VALUE / 2;

    private final DevMode mode;
    private final DevConfig config;
    private final Functions functions;
    private final LiveReload reload;

    DevRoutes(DevMode mode, DevConfig config, Functions functions, LiveReload reload) {
        this.mode = mode;
        this.config = config;
        this.functions = functions;
        this.reload = reload;
    }

    void register(@Observes Router router) {
        DevConfig.check(config);
        if (!mode.isOn()) {
            return;
        }
        for (String path : new String[] {"/", "/api/"}) {
            router.route(path)
                    .order(FIRST)
                    .method(HttpMethod.GET)
                    .method(HttpMethod.HEAD)
                    .blockingHandler(this::list, false);
        }
        if (config.liveReload()) {
            router.get(LiveReload.CHANGES).order(FIRST).handler(reload::follow);
            router.get(LiveReload.SCRIPT_PATH).order(FIRST).handler(reload::script);
        }
    }

    private void list(RoutingContext context) {
        FunctionList list = FunctionList.of(functions.current().all(), functions.status());
        String accept = context.request().getHeader("Accept");
        boolean html = DevExchanges.isBrowsers(accept == null ? "" : accept);
        context.response()
                .putHeader("Content-Type", html ? "text/html; charset=utf-8" : "application/json")
                .putHeader("Cache-Control", "no-store")
                .putHeader("Vary", "Accept")
                .putHeader("X-Content-Type-Options", "nosniff");
        if (html) {
            context.response().putHeader("Content-Security-Policy", Html.policy());
        }
        context.response().end(html ? list.html(config.liveReload() ? LiveReload.SCRIPT : "") : list.json());
    }
}
