package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Callers;
import io.restassured.path.json.JsonPath;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pools that a gateway has from its start: with other settings of PHP, and another user where the tests run as root. */
class PoolsIT extends PoolSites {
    @BeforeEach
    void begin() throws IOException {
        makeSites();
    }

    @AfterEach
    void end() throws Exception {
        stop();
    }

    private static Object owner(Path path) throws IOException {
        return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /** Nothing of one is seen by the other: settings, sessions, and files that are its user's alone. */
    @Test
    void eachPoolHasItsOwnUserSettingsAndSessions() throws Exception {
        if (isRoot()) { // only the user of the first site can read this
            Path secret = open(base.resolve("one/secret.txt"), "rw-------");
            Files.setAttribute(secret, "unix:uid", uid(OTHER));
        }
        String state = isRoot() ? "sessions-" + OTHER : "sessions";
        Path ini = base.resolve("shared.ini");
        put(ini, "precision = 7\n");
        Path program = Files.copy(LimitedPhpFpm.phpFpm(), base.resolve("another-php-fpm"));
        yaml(
                "pool: {" + as(OTHER) + "php-fpm: " + program
                        + ", children: 2, ini: {memory_limit: 77M}}, php: {open_basedir: '" + base.resolve("one") + ":"
                        + base.resolve("state/one") + "'}",
                "pool: shared",
                "functions: {who: {pool: shared}}\npools: {shared: {children: 3, ini: " + ini + "}}");
        start("files");
        int common = isRoot() ? uid("www-data") : (Integer) owner(base);
        int own = isRoot() ? uid(OTHER) : common;
        try (Callers first = told("one.example", "/?read=" + base.resolve("two/secret.txt"), answer -> {
                    assertEquals("77M", answer.getString("limit"));
                    assertEquals(program.toString(), answer.getString("program"));
                    assertEquals(own, answer.getInteger("user"));
                    assertTrue(answer.getString("basedir").startsWith(base.resolve("one") + ":"));
                    assertEquals(base.resolve("state/one").resolve(state).toString(), answer.getString("sessions"));
                    assertFalse(String.valueOf(answer.getString("other")).contains("secret"));
                });
                Callers second = told("two.example", "/?read=" + base.resolve("one/secret.txt"), answer -> {
                    assertNotEquals("77M", answer.getString("limit"));
                    assertNotEquals(program.toString(), answer.getString("program"));
                    assertEquals("7", answer.getString("precision"));
                    assertEquals(common, answer.getInteger("user"));
                    assertEquals("", answer.getString("basedir"));
                    assertEquals(base.resolve("state/two/sessions").toString(), answer.getString("sessions"));
                    assertTrue(!isRoot()
                            || !String.valueOf(answer.getString("other")).contains("secret"));
                });
                Callers third =
                        told("localhost", "/api/who", answer -> assertEquals("7", answer.getString("precision")))) {
            first.awaitMore(100);
            second.awaitMore(100);
            third.awaitMore(100);
        }
        Path sessions = base.resolve("state/one").resolve(state);
        assertEquals("rwx------", permissions(sessions));
        assertEquals(own, owner(sessions));
        awaitQuiet();
        assertEquals(1, status().getInt("generation.number"), gateway::log); // that of the start is the only one
        String cookie = ask("one.example", "/").header("Set-Cookie").split(";")[0];
        assertEquals(
                2, new JsonObject(ask("one.example", "/", "Cookie: " + cookie).text()).getInteger("visits"));
        assertEquals(
                1, new JsonObject(ask("two.example", "/", "Cookie: " + cookie).text()).getInteger("visits"));
        // What no pool's user can read is not sent to clients either, and each sees its own.
        assertEquals(200, ask("one.example", "/secret.txt").status());
        assertEquals(200, ask("two.example", "/secret.txt").status());
        assertRunDirectoriesAreClosed();
        assertStatusAndMetersTellOfThem();
    }

    private Callers told(String host, String target, Consumer<JsonObject> check) {
        return Callers.start(2, gateway.port, host, target, answer -> {
            assertEquals(200, answer.status(), answer::text);
            check.accept(new JsonObject(answer.text()));
        });
    }

    private void assertRunDirectoriesAreClosed() throws IOException {
        int closed = 0;
        try (Stream<Path> all = Files.list(run())) {
            for (Path one : all.filter(path -> path.getFileName().toString().startsWith("relais-"))
                    .toList()) {
                if (isRoot() && permissions(one).equals("rwx--x---")) {
                    closed++;
                }
            }
        }
        assertEquals(isRoot() ? 2 : 0, closed, "the common one and two of pools");
    }

    private void assertStatusAndMetersTellOfThem() throws IOException {
        JsonPath now = status();
        assertEquals(List.of("shared", "site:one"), now.getList("pools.name"));
        assertEquals(isRoot() ? OTHER : now.getString("pools[0].user"), now.getString("pools[1].user"));
        assertEquals(List.of(3, 2), now.getList("pools.collect { it.workers[0].children.size() }"));
        assertEquals(4 + 3 + 2, now.getInt("container.children"));
        assertEquals(2 + 2, now.getInt("container.masters"));
        String meters = management("/q/metrics");
        assertTrue(meters.contains("relais_pool_children{pool=\"shared\"} 3.0"), meters);
        assertTrue(meters.contains("relais_pool_children_busy{pool=\"site:one\"} 0.0"), meters);
        assertTrue(meters.contains("relais_pool_queue_length{pool=\"site:one\"} 0.0"), meters);
    }

    @Test
    void aMasterThatIsKilledTouchesNoOtherPool() throws Exception {
        yaml("pool: {children: 2}", "pool: {children: 2}", "");
        start("files");
        long master = status().getLong("pools[0].workers[0].master");
        Set<String> limits = ConcurrentHashMap.newKeySet();
        int before = who("one.example").getInteger("pid");
        try (Callers other = load(2, "two.example", limits);
                Callers common = Callers.start(2, gateway.port, "/api/who")) {
            other.awaitMore(20);
            assertTrue(ProcessHandle.of(master).orElseThrow().destroyForcibly());
            await().untilAsserted(() -> {
                assertEquals(1, status().getInt("pools[0].workers[0].restarts"));
                assertEquals(200, ask("one.example", "/").status());
            });
            other.awaitMore(20);
            common.awaitMore(20);
        }
        assertNotEquals(before, who("one.example").getInteger("pid"));
        assertEquals(0, status().getInt("pools[1].workers[0].restarts"));
        assertEquals(List.of(0, 0), status().getList("workers.restarts"));
        assertTrue(management("/q/metrics").contains("relais_pool_restarts_total{pool=\"site:one\"} 1.0"));
    }

    @Test
    void aStartWithAPoolThatCannotBeStartedEndsWithItsKey() throws Exception {
        yaml("pool: {php-fpm: /none/php-fpm}", "", "");
        gateway = PackagedGateway.start(functions, Map.of("relais.workers.run-directory", run().toString()));
        assertEquals(1, gateway.exitCode());
        gateway.logs("functions.yaml: sites.one.pool.php-fpm=/none/php-fpm: there is no such file; ");
        assertTrue(gateway.php().isEmpty());
    }

    @Test
    void nothingIsLeftWhenTheGatewayIsKilled() throws Exception {
        yaml("pool: {children: 2}", "pool: {children: 2}", "");
        start("files");
        List<ProcessHandle> php = gateway.php();
        assertTrue(php.size() >= 2 * 3 + 2 * 3, php::toString);
        gateway.kill();
        await().until(() -> php.stream().noneMatch(ProcessHandle::isAlive));
        await().untilAsserted(() -> {
            try (Stream<Path> left = Files.list(run())) {
                assertEquals(List.of(), left.toList());
            }
        });
    }
}
