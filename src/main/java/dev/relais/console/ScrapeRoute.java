package dev.relais.console;

import dev.relais.telemetry.Snapshots;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Has a snapshot made just before each scrape of the metrics, so that it shows what has happened before it was asked for. */
@ApplicationScoped
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
