package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Callers;
import dev.relais.testing.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Pools that come, change and go while one gateway serves, which begins with a site and a function in pools of their own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PoolChangesCases extends PoolSites {
    private final String reload;

    /** @param reload how changes come into force: {@code relais.functions.reload} */
    PoolChangesCases(String reload) {
        this.reload = reload;
    }

    @BeforeAll
    void begin() throws IOException {
        makeSites();
        yaml("pool: {children: 2}", "", "functions: {who: {pool: {children: 2}}}");
        start(reload);
        assertEquals(List.of("function:who", "site:one"), status().getList("pools.name"));
    }

    @BeforeEach
    void awaitNoPools() throws IOException {
        becomes("", "", List.of());
    }

    @AfterAll
    void end() throws Exception {
        stop();
    }

    /** Waits until the sites have these pools, and no former one is left. */
    final void becomes(String one, String two, List<String> pools) throws IOException {
        yaml(one, two, "");
        await().untilAsserted(() -> assertEquals(pools, status().getList("pools.name"), gateway::log));
        awaitQuiet();
    }

    /** From no pool to one, to one with other settings and another user, and back, while clients call without a pause. */
    @Test
    void noRequestIsLostWhenAPoolComesChangesAndGoes() throws Exception {
        becomes("", "pool: {children: 1}", List.of("site:two"));
        Set<String> limits = ConcurrentHashMap.newKeySet();
        Set<String> others = ConcurrentHashMap.newKeySet();
        int common = who("one.example").getInteger("user");
        try (Callers load = load(6, "one.example", limits);
                Callers other = load(1, "two.example", others);
                RawClient slow = RawClient.connect(gateway.port)) {
            load.awaitMore(20);
            String usual = limits.iterator().next();
            assertEquals(Set.of(usual), limits);

            yaml("pool: {children: 2, ini: {memory_limit: 71M}}", "pool: {children: 1}", "");
            awaitLimit(load, limits, "71M");
            awaitQuiet();
            List<Long> first = pids("pools.find { it.name == 'site:one' }");
            assertEquals(2, first.size());
            slow.head("POST / HTTP/1.1", "Host: one.example", "Content-Length: 4")
                    .send("ab");

            yaml("pool: {" + as(OTHER) + "children: 3, ini: {memory_limit: 72M}}", "pool: {children: 1}", "");
            awaitLimit(load, limits, "72M");
            awaitQuiet();
            assertEquals(3, pids("pools.find { it.name == 'site:one' }").size());
            assertEquals(isRoot() ? uid(OTHER) : common, who("one.example").getInteger("user"));
            awaitEnd(first);
            List<Long> second = pids("pools.find { it.name == 'site:one' }");

            becomes("", "pool: {children: 1}", List.of("site:two"));
            limits.clear();
            awaitLimit(load, limits, usual);
            assertEquals(Set.of(usual), limits);
            assertEquals(common, who("one.example").getInteger("user"));
            awaitEnd(second);
            Answer late = slow.send("cd").answer();
            assertEquals(200, late.status(), late::text);
            other.awaitMore(20);
        } catch (AssertionError e) {
            throw new AssertionError(gateway.log(), e);
        }
        assertEquals(1, others.size());
        await().untilAsserted(() -> {
            assertFalse(management("/q/metrics").contains("pool=\"site:one\""));
            try (Stream<Path> all = Files.list(run())) {
                assertEquals(
                        2,
                        all.filter(path -> path.getFileName().toString().startsWith("relais-"))
                                .count());
            }
        });
    }

    private void awaitLimit(Callers load, Set<String> limits, String limit) {
        await().untilAsserted(() -> assertTrue(load.hasFailed() || limits.contains(limit), gateway::log));
    }

    private static void awaitEnd(List<Long> pids) {
        await().until(() -> pids.stream()
                .noneMatch(pid ->
                        ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()));
    }

    /** The file may be anywhere; a change of it is a change of the pool. */
    @Test
    void aFileOfSettingsIsFollowed() throws Exception {
        Path ini = base.resolve("shop.ini");
        put(ini, "memory_limit = 81M\n");
        becomes("pool: {ini: " + ini + "}", "", List.of("site:one"));
        assertEquals("81M", who("one.example").getString("limit"));
        assertNotEquals("81M", who("two.example").getString("limit"));
        put(ini, "memory_limit = 82M\n");
        await().untilAsserted(() -> assertEquals("82M", who("one.example").getString("limit"), gateway::log));
    }
}
