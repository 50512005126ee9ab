package dev.relais.console;

import dev.relais.cache.ResultCache;
import dev.relais.events.Events;
import dev.relais.functions.Functions;
import dev.relais.telemetry.InvocationMeters;
import dev.relais.telemetry.Snapshots;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * {@code GET /q/relais}: functions, queue, workers and children as they were at most a second ago ({@code sampledAt}), and the
 * last events and what the result cache brings, as JSON. It runs on a worker thread, because a new snapshot reads /proc. It never asks a PHP child.
 */
@Singleton
public class StatusRoute {
    private final Snapshots snapshots;
    private final Events events;
    private final ResultCache cache;
    private final Functions functions;
    private final InvocationMeters meters;

    StatusRoute(Snapshots snapshots, Events events, ResultCache cache, Functions functions, InvocationMeters meters) {
        this.functions = functions;
        this.meters = meters;
        this.cache = cache;
        this.events = events;
        this.snapshots = snapshots;
    }

    void register(@Observes ManagementInterface management) {
        management
                .router()
                .route("/q/relais")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .blockingHandler(this::handle, false);
    }

    private void handle(RoutingContext context) {
        JsonAnswer.send(
                context,
                200,
                StatusJson.of(snapshots.whole())
                        .put("sites", SitesJson.of(functions.current(), meters::served))
                        .put("cache", CacheJson.summary(cache))
                        .put("events", EventJson.of(events.last())));
    }
}
