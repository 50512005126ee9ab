package dev.relais.monitoring;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.running.RunningProfile;
import dev.relais.testing.RawClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The meters that rules and dashboard ask for and that are not Relais' own are in a scrape, too. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class ForeignMetersTest {
    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z]\\w+)[ {]");
    /** Prometheus' own series. */
    private static final Set<String> OF_PROMETHEUS = Set.of("up", "ALERTS");

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Test
    void everyForeignMeterThatIsAskedForIsThere() {
        List<String> expressions = new ArrayList<>(Rules.read().expressions());
        expressions.addAll(Dashboard.read().expressions());
        Set<String> asked = new TreeSet<>();
        for (String expression : expressions) {
            Expression.parse(expression).selectors().forEach(selector -> asked.add(selector.metric()));
        }
        asked.removeIf(name -> name.startsWith("relais") || OF_PROMETHEUS.contains(name));
        assertTrue(asked.size() >= 8, asked.toString());
        System.gc(); // the meter of its pauses is there after the first one
        await().until(this::scraped, there -> there.containsAll(asked));
    }

    private Set<String> scraped() throws IOException {
        Set<String> names = new TreeSet<>();
        try (RawClient client = RawClient.connect(management.getPort())) {
            Matcher sample = SAMPLE.matcher(client.get("/q/metrics").answer().text());
            while (sample.find()) {
                names.add(sample.group(1));
            }
        }
        return names;
    }
}
