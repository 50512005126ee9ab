package dev.relais.documentation;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.relais.admission.WaitingRoom;
import dev.relais.balancer.Balancer;
import dev.relais.functions.PoolSettings;
import dev.relais.functions.ResidentSettings;
import dev.relais.running.RunningProfile;
import dev.relais.telemetry.ConnectionMeters;
import dev.relais.telemetry.PoolViews;
import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import dev.relais.worker.WorkerGroup;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The documented table of meters is what a scrape of a running gateway gives. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class DocumentedMetersTest {
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (relais_\\w+) (\\w+)$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    /** Labels whose values depend on the machine or on what runs; of all others the table has every value. */
    private static final Set<String> OPEN = Set.of("function", "pool", "status", "worker");

    @TestHTTPResource("/")
    URI http;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Inject
    ConnectionMeters connections;

    @Inject
    PoolViews views;

    @Inject
    WorkerGroup group;

    @Inject
    Balancer ranking;

    @Inject
    WaitingRoom<?> room;

    @AfterEach
    void thereIsNoPoolAgain() {
        views.publish(List.of());
    }

    @Test
    void everyMeterIsThereWithItsTypeAndItsLabels() throws IOException {
        connections.bind(this, test -> 0); // which the gateway does in normal mode only
        ResidentSettings resident = new ResidentSettings(null, 1, 0, 0, false);
        views.publish(List.of(new PoolViews.View( // as if the common workers were those of a pool
                new PoolSettings(
                        "function:shop", "functions.shop.resident", 1, null, null, Map.of(), null, "", resident),
                "www",
                group,
                ranking,
                room)));
        makeThoseOfSingleFunctions();
        // The master of the process that was lost tells how it has ended, after the second run's answer perhaps.
        String scrape = await().until(
                        () -> get(management, "/q/metrics").text(), text -> text.contains("relais_crashes_total"));
        Map<String, List<String>> rows = new TreeMap<>();
        Matcher type = TYPE.matcher(scrape);
        while (type.find()) {
            // OpenMetrics names a family of counters without what its samples end in.
            String name = type.group(1) + (type.group(2).equals("counter") ? "_total" : "");
            if (!name.endsWith("_max")) { // a gauge beside each histogram
                rows.put(name, Arrays.asList("`" + name + "`", type.group(2), labels(scrape, name), null));
            }
        }
        new GeneratedTable("metrics-and-health.md", "meters", 0).assertHas(new ArrayList<>(rows.values()));
    }

    /** The others are there from the start; these come with the first retry, crash, invocation and kept answer of a function. */
    private void makeThoseOfSingleFunctions() throws IOException {
        try (Side side = new Side()) {
            assertEquals(200, get(http, "/api/again/idempotent?" + side.query()).status());
            assertEquals(200, get(http, "/api/kept?documented").status());
        }
    }

    private static String labels(String scrape, String name) {
        Map<String, Set<String>> values = new TreeMap<>();
        Matcher sample =
                Pattern.compile("(?m)^" + name + "(?:_count)?\\{([^}]*)\\}").matcher(scrape);
        while (sample.find()) {
            Matcher label = LABEL.matcher(sample.group(1));
            while (label.find()) {
                values.computeIfAbsent(label.group(1), key -> new TreeSet<>()).add(label.group(2));
            }
        }
        return values.entrySet().stream()
                .map(label ->
                        "`" + label.getKey() + "`" + (OPEN.contains(label.getKey()) ? "" : among(label.getValue())))
                .collect(Collectors.joining("; "));
    }

    private static String among(Set<String> values) {
        return values.stream().collect(Collectors.joining("`, `", ": `", "`"));
    }

    private static Answer get(URI server, String target) throws IOException {
        try (RawClient client = RawClient.connect(server.getPort())) {
            return client.get(target).answer();
        }
    }
}
