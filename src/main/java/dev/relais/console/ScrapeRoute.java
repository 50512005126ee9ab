package dev.relais.console;

import dev.relais.telemetry.Snapshots;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Makes a new snapshot just before each scrape of the metrics, so that the scrape shows everything that has happened before it. */
@Singleton
public class ScrapeRoute {
    private final Snapshots snapshots;

    ScrapeRoute(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    void register(@Observes ManagementInterface management) {
        management.router().get("/q/metrics").order(Integer.MIN_VALUE + 1).handler(this::handle);
    }

    private void handle(RoutingContext context) {
        snapshots.take();
        context.next();
    }
}
