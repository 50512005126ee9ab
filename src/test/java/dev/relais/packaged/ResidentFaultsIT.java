package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Attempts;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Resident functions that kill themselves, hang, act as another child or lose what serves them. One gateway serves them all. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResidentFaultsIT extends ResidentFunctions {
    @BeforeAll
    void begin() throws Exception {
        write(SETTINGS + "  deadly: {resident: {script: index.php, children: 2}}\n", "deadly");
        start(Map.of()).ready();
    }

    @AfterAll
    void end() throws Exception {
        stop();
    }

    /** The processes of a function that has two children, when both have booted. */
    private List<Integer> booted(String function) {
        return await().until(
                        () -> pids(function),
                        pids -> pids.size() == 2 && pids.stream().allMatch(pid -> pid > 0));
    }

    @Test
    void theTimeLimitEndsOneChildOnly() throws Exception {
        Container.needs(false, "its processes have other numbers here");
        Attempts.untilProved(this::isOneChildEnded);
    }

    /** Whether the function had begun before its time limit, which may pass before on a busy machine. */
    private boolean isOneChildEnded() throws Exception {
        Set<Integer> before = new HashSet<>(booted("short"));
        String id = Long.toString(System.nanoTime());
        assertEquals(
                504, ask("/api/short?way=wait&id=" + id + "&" + side.query()).status());
        if (!side.has("running-" + id)) {
            eventually(() -> !before.containsAll(pids("short")));
            return false;
        }
        int ended = (int) side.await("running-" + id);
        assertTrue(before.remove(ended));
        Side.awaitEnd(ended);
        eventually(() -> {
            Set<Integer> now = new TreeSet<>(pids("short"));
            return now.size() == 2 && !now.contains(ended) && now.containsAll(before);
        });
        return true;
    }

    @Test
    void poisonCostsOneChildEachAndIsRefusedAsElsewhere() throws Exception {
        for (int signal : new int[] {11, 9}) {
            Set<Integer> before = new HashSet<>(booted("deadly"));
            assertEquals(502, ask("/api/deadly?way=kill&signal=" + signal).status());
            eventually(() -> pids("deadly").size() == 2 && !before.containsAll(pids("deadly")));
            before.retainAll(pids("deadly"));
            assertEquals(1, before.size());
        }
        eventually(() -> {
            ask("/api/deadly?way=kill&signal=11");
            return lines("Function kills the PHP processes that run it and is refused with 503: function=deadly") == 1;
        });
        assertEquals(200, gateway.get("/api/one"));
        assertEquals(200, gateway.get("/api/usual"));
    }

    @Test
    void aRogueScriptIsNotLetIn() throws Exception {
        List<Integer> children = booted("app");
        String answer = ask("/api/app?way=rogue&other=" + children.get(0)).text();
        assertEquals("closed closed closed closed", answer);
        assertEquals(children, pids("app"));
    }

    @Test
    void concurrencyHoldsInItsPool() throws Exception {
        try (RawClient first = RawClient.connect(gateway.port)) {
            first.get("/api/one?way=wait&id=1&" + side.query());
            side.await("running-1");
            assertEquals(503, ask("/api/one?way=wait&id=2&" + side.query()).status());
            assertFalse(side.has("running-2"));
            side.open("gate");
            assertEquals("through", first.answer().text());
        }
        assertEquals(200, gateway.get("/api/one"));
    }

    @Test
    void comesBackWhenItsMasterIsKilled() throws Exception {
        Container.needs(false, "its processes have other numbers here");
        int master = master("app");
        Set<Integer> before = new HashSet<>(booted("app"));
        gateway.signal("KILL", ProcessHandle.of(master).orElseThrow());
        eventually(() -> {
            Set<Integer> now = new HashSet<>(pids("app"));
            return now.size() == 2 && now.stream().noneMatch(before::contains) && gateway.get("/api/app") == 200;
        });
        assertNotEquals(master, master("app"));
        before.forEach(Side::awaitEnd);
    }
}
