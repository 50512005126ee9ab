package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.RawClient;
import io.restassured.path.json.JsonPath;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.DoubleStream;

/** Reads the status and meters of a packaged gateway from its management port. */
final class PackagedStatus {
    private final PackagedGateway gateway;

    PackagedStatus(PackagedGateway gateway) {
        this.gateway = gateway;
    }

    /** The sum over all labels. */
    double metric(String name) throws IOException {
        double[] values = values(name);
        assertTrue(values.length > 0, name + " is missing");
        return DoubleStream.of(values).sum();
    }

    private double[] values(String name) throws IOException {
        try (RawClient client = RawClient.connect(gateway.management)) {
            return client.get("/q/metrics")
                    .answer()
                    .text()
                    .lines()
                    .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .toArray();
        }
    }

    /** The status page of a moment after this call, since an immediate answer may be up to a second old. */
    JsonPath page() {
        Instant asked = Instant.now();
        return JsonPath.from(await().pollInterval(Duration.ofMillis(20))
                .until(
                        () -> {
                            try (RawClient client = RawClient.connect(gateway.management)) {
                                return client.get("/q/relais").answer().text();
                            }
                        },
                        // JsonPath compiles a script for each value, which takes a thousand times as long.
                        status -> {
                            Instant sampled = new JsonObject(status)
                                    .getInstant("sampledAt"); // null in a page that tells of a problem
                            return sampled != null && !sampled.isBefore(asked);
                        }));
    }

    /** How many processes a function has killed. The meter exists from the first one on. */
    double crashes(String function) throws IOException {
        return DoubleStream.of(values("relais_crashes_total{function=\"" + function + "\"}"))
                .sum();
    }

    /** How many children have answered on their connection. */
    int proven() {
        int proven = 0;
        for (String state : page().<String>getList("workers.children.flatten().state")) {
            proven += state.equals("starting") ? 0 : 1;
        }
        return proven;
    }
}
