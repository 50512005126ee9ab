package dev.relais.running;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/** Two workers of two children, two event loops (so that exchanges change loops), and small limits. */
public class RunningProfile implements QuarkusTestProfile {
    /** The address of a trusted proxy; the tests' clients have another one, unless they choose this. */
    static final String TRUSTED = "127.0.0.3";

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.ofEntries(
                Map.entry("quarkus.http.test-port", "0"),
                Map.entry("quarkus.http.test-ssl-port", "0"),
                Map.entry("quarkus.management.test-port", "0"),
                Map.entry("quarkus.vertx.event-loops-pool-size", "2"),
                Map.entry("quarkus.http.limits.max-header-size", "128K"),
                Map.entry("relais.workers.count", "2"),
                Map.entry("relais.workers.children", "2"),
                Map.entry("relais.workers.environment", "HOME"),
                // Longer than a test waits, so that only what opcache is told of changed code shows it.
                Map.entry("relais.workers.php-settings.\"opcache.revalidate_freq\"", "600"),
                Map.entry("relais.http.trusted-proxies", TRUSTED),
                // Several tests kill PHP processes, in any order: PoisonIT is about what follows from that.
                Map.entry("relais.poison.threshold", "0"),
                // Hundreds of clients wait in CrowdTest, however slow the machine is.
                Map.entry("relais.queue.max-wait", "2m"),
                // Longer than a test waits, so that no time limit brings about what a test waits for.
                Map.entry("relais.functions.timeout", "3m"),
                Map.entry("relais.http.max-body-size", "12M"),
                Map.entry("relais.http.response-memory", "64K"),
                Map.entry("relais.http.body-memory", "64K"),
                Map.entry("relais.http.body-timeout", "2s"));
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(FunctionsResource.class));
    }
}
