package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.functions.FunctionsSchema;
import dev.relais.testing.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the running gateway tells of the host and of its memory. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class SystemTest extends RunningGateway {
    @Test
    void eachCheckOfTheHostIsThereWithAllThatAnOperatorNeeds() throws IOException {
        Answer answer = manage("/q/relais/system");
        assertEquals(200, answer.status());
        JsonPath json = JsonPath.from(answer.text());
        List<Map<String, String>> checks = json.getList("checks");
        List<String> names = json.getList("checks.name");
        assertTrue(
                names.containsAll(List.of(
                        "open files",
                        "net.core.somaxconn",
                        "net.ipv4.tcp_tw_reuse",
                        "net.ipv4.tcp_fin_timeout",
                        "net.ipv4.ip_local_port_range",
                        "cgroup pids limit",
                        "transparent huge pages",
                        "cgroup cpu limit",
                        "cgroup cpu throttling",
                        "cgroup memory.oom.group",
                        "memory",
                        "heap",
                        "spool",
                        "run directory",
                        "php version",
                        "opcache.enable",
                        "opcache.memory_consumption",
                        "opcache.max_accelerated_files",
                        "opcache.jit",
                        "opcache revalidation",
                        "php extensions",
                        "php.ini settings that Relais overrides")),
                names::toString);
        for (Map<String, String> check : checks) {
            assertTrue(List.of("ok", "warning").contains(check.get("verdict")), check::toString);
            check.forEach((key, value) -> assertFalse(value.isBlank(), check::toString));
            assertEquals(6, check.size(), check::toString);
        }
        assertEquals(checks.size(), json.getInt("counts.ok") + json.getInt("counts.warning"));
    }

    @Test
    void editorsGetTheSchemaOfTheSettings() throws IOException {
        Answer answer = manage("/q/relais/functions.schema.json");
        assertEquals(200, answer.status());
        assertEquals("application/schema+json", answer.header("Content-Type"));
        assertEquals(FunctionsSchema.text(), answer.text());
    }

    @Test
    void itIsNotOnThePublicPort() throws IOException {
        assertEquals(404, get("/q/relais/system").status());
    }

    @Test
    void theStatusAddsUpTheMemoryAsMeasured() throws IOException {
        get("/api/hello");
        JsonPath container = status();
        assertTrue(container.getBoolean("container.measured"), container::prettify);
        assertEquals(2, container.getInt("container.masters"));
        assertEquals(4, container.getInt("container.children"));
        long sum = container.getLong("container.heapBytes")
                + container.getLong("container.directBytes")
                + container.getLong("container.otherBytes")
                + container.getLong("container.spoolBytes")
                + 2 * container.getLong("container.opcacheBytes")
                + 4 * container.getLong("container.childBytes");
        assertEquals(sum, container.getLong("container.totalBytes"));
        assertTrue(container.getLong("container.childBytes") > 100_000, container::prettify);
        assertTrue(container.getLong("container.childBytes") < 100_000_000, container::prettify);
        assertFalse(container.getBoolean("container.heapNeedsRestart"));
    }
}
