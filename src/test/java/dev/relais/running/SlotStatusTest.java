package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What {@code /q/relais} shows of each child. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class SlotStatusTest extends RunningGateway {
    private List<Map<String, Object>> children() throws IOException {
        return status().getList("workers.children.flatten()");
    }

    private Map<String, Object> child(long pid) throws IOException {
        return children().stream()
                .filter(child -> ((Number) child.get("pid")).longValue() == pid)
                .findFirst()
                .orElseThrow();
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }

    @Test
    void anIdleChildHasItsProcessItsAgeAndItsMemory() throws IOException {
        List<Map<String, Object>> children = children();

        assertEquals(4, children.size());
        for (Map<String, Object> child : children) {
            ProcessHandle process = ProcessHandle.of(number(child.get("pid"))).orElseThrow();
            assertEquals(
                    process.info().startInstant().orElseThrow(),
                    Instant.parse(child.get("started").toString()));
            assertTrue(number(child.get("ageSeconds")) >= 0);
            assertEquals("idle", child.get("state"));
            assertNull(child.get("function"));
            assertTrue(number(child.get("residentBytes")) > 1_000_000);
            assertTrue(child.get("privateBytes") == null
                    || number(child.get("privateBytes")) < number(child.get("residentBytes")));
        }
    }

    @Test
    void aBusyChildNamesItsFunctionAndCountsItWhenItIsThrough() throws IOException {
        try (Side side = new Side();
                RawClient client = connect()) {
            client.get("/api/gate?" + side.query());
            long pid = side.await("running-");
            Map<String, Object> busy = child(pid);
            side.open("gate");
            client.answer();
            await().until(this::isWhole);

            assertEquals("busy", busy.get("state"));
            assertEquals("gate", busy.get("function"));
            assertEquals(number(busy.get("served")) + 1, number(child(pid).get("served")));
            assertEquals("idle", child(pid).get("state"));
        }
    }

    @Test
    void aChildThatWorksAfterItsAnswerIsFinishing() throws IOException {
        try (Side side = new Side()) {
            get("/api/finish?how=plain&" + side.query());
            Map<String, Object> child = child(side.await("running-"));
            side.open("gate");
            side.await("through-");

            assertEquals("finishing", child.get("state"));
            assertEquals("finish", child.get("function"));
        }
    }

    @Test
    void aNewProcessBeginsToCountAnew() throws IOException {
        for (int i = 0; i < 20; i++) {
            get("/api/hello");
        }
        List<Long> before = children().stream().map(c -> number(c.get("pid"))).toList();
        get("/api/end?how=kill");
        await().until(this::isWhole);

        Map<String, Object> fresh = children().stream()
                .filter(c -> !before.contains(number(c.get("pid"))))
                .findFirst()
                .orElseThrow();
        assertEquals(0, number(fresh.get("served")));
        assertTrue(number(fresh.get("failures")) >= 1);
        assertTrue(children().stream().map(c -> c.get("started")).allMatch(Objects::nonNull));
    }
}
