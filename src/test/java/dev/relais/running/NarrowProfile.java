package dev.relais.running;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/** One worker with one child, a queue of two, little memory, and a small spool. */
public class NarrowProfile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "quarkus.http.test-port", "0",
                "quarkus.http.test-ssl-port", "0",
                "quarkus.management.test-port", "0",
                "relais.workers.count", "1",
                "relais.workers.children", "1",
                "relais.http.memory", "8M",
                "relais.http.spool-capacity", "1M",
                "relais.queue.capacity", "2",
                "relais.queue.max-wait", "2m");
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(FunctionsResource.class));
    }
}
