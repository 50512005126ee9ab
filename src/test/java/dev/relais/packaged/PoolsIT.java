package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Callers;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sites and functions with pools of their own, in a gateway of their own: other settings of PHP, and another user where the tests run as
 * root. Each answer tells which process it is from, as whom, and with which settings.
 */
class PoolsIT {
    /** Debian's, who has no files here; PHP's own user is www-data. */
    private static final String OTHER = "games";

    private static final String WHO = """
            <?php
            session_start();
            $_SESSION['visits'] = ($_SESSION['visits'] ?? 0) + 1;
            header('Content-Type: application/json');
            echo json_encode([
                'site' => basename(__DIR__),
                'user' => posix_geteuid(),
                'pid' => getmypid(),
                'limit' => ini_get('memory_limit'),
                'precision' => ini_get('precision'),
                'basedir' => ini_get('open_basedir'),
                'sessions' => session_save_path(),
                'visits' => $_SESSION['visits'],
                'program' => PHP_BINARY,
                'other' => isset($_GET['read']) ? @file_get_contents($_GET['read']) : null,
            ]);
            """;

    private Path base;
    private Path functions;
    private PackagedGateway gateway;

    @BeforeEach
    void makeSites() throws IOException {
        Container.needs(false, "its users and programs are those of this host");
        base = Files.createTempDirectory("relais-it-pools-");
        open(base, "rwxr-xr-x");
        functions = open(Files.createDirectory(base.resolve("functions")), "rwxr-xr-x");
        put(functions.resolve("who.php"), WHO);
        for (String site : List.of("one", "two")) {
            Path root = open(Files.createDirectory(base.resolve(site)), "rwxr-xr-x");
            put(root.resolve("index.php"), WHO);
            put(root.resolve("secret.txt"), "secret of " + site);
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (gateway != null) {
            gateway.close();
        }
        Side.delete(base);
    }

    private static Path open(Path path, String permissions) throws IOException {
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private static void put(Path file, String text) throws IOException {
        Path fresh = open(Files.writeString(file.resolveSibling("." + file.getFileName() + ".new"), text), "rw-r--r--");
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** The keys of a pool with this user, where there can be another one. */
    private static String as(String user) {
        return isRoot() ? "user: " + user + ", " : "";
    }

    /** @param pools the keys {@code pool} of the two sites; empty for none */
    private void yaml(String one, String two, String more) throws IOException {
        put(functions.resolve("functions.yaml"), """
                sites:
                  one: {hosts: [one.example], root: %1$s/one, %2$s}
                  two: {hosts: [two.example], root: %1$s/two, %3$s}
                %4$s
                """.formatted(base, one, two, more)
                .replace(", }", "}"));
    }

    private void start(String reload) throws IOException {
        gateway = PackagedGateway.start(
                        functions,
                        Map.of(
                                "relais.functions.reload",
                                reload,
                                "relais.functions.quiet",
                                "100ms",
                                "relais.functions.scan-interval",
                                "50ms",
                                "relais.http.body-min-rate",
                                "0", // for a body that comes slowly
                                "relais.sites.state-directory",
                                base.resolve("state").toString(),
                                "relais.workers.run-directory",
                                run().toString()))
                .ready();
    }

    private Path run() throws IOException {
        Path run = base.resolve("run");
        return Files.exists(run) ? run : open(Files.createDirectory(run), "rwxr-xr-x");
    }

    private Answer ask(String host, String target, String... fields) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port)) {
            String head = "GET " + target + " HTTP/1.1\r\nHost: " + host;
            for (String field : fields) {
                head += "\r\n" + field;
            }
            return client.head(head).answer();
        }
    }

    private JsonPath who(String host) throws IOException {
        Answer answer = ask(host, "/");
        assertEquals(200, answer.status(), answer::text);
        return JsonPath.from(answer.text());
    }

    private String management(String target) throws IOException {
        try (RawClient client = RawClient.connect(gateway.management)) {
            return client.get(target).answer().text();
        }
    }

    private JsonPath status() throws IOException {
        return JsonPath.from(management("/q/relais"));
    }

    private Callers load(int count, String host, Set<String> limits) {
        return Callers.start(count, gateway.port, host, "/", answer -> {
            assertEquals(200, answer.status(), answer::text);
            limits.add(JsonPath.from(answer.text()).getString("limit"));
        });
    }

    /** The other generations have ended, so that what is there now stays. */
    private void awaitQuiet() {
        await().untilAsserted(() -> assertEquals("serving", status().getString("generation.state"), gateway::log));
    }

    private static int uid(String user) throws IOException {
        for (String line : Files.readAllLines(Path.of("/etc/passwd"))) {
            if (line.startsWith(user + ":")) {
                return Integer.parseInt(line.split(":")[2]);
            }
        }
        throw new AssertionError("there is no user " + user);
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
        Path program = Files.copy(LimitedPhpFpm.phpFpm(), base.resolve("another-php-fpm"));
        yaml(
                "pool: {" + as(OTHER) + "php-fpm: " + program
                        + ", children: 2, ini: {memory_limit: 77M}}, php: {open_basedir: '" + base.resolve("one") + ":"
                        + base.resolve("state/one") + "'}",
                "pool: shared",
                "functions: {who: {pool: shared}}\npools: {shared: {children: 3, ini: {precision: 7}}}");
        start("files");
        int common = isRoot() ? uid("www-data") : (Integer) owner(base);
        int own = isRoot() ? uid(OTHER) : common;
        try (Callers first = told("one.example", "/?read=" + base.resolve("two/secret.txt"), answer -> {
                    assertEquals("77M", answer.getString("limit"));
                    assertEquals(program.toString(), answer.getString("program"));
                    assertEquals(own, answer.getInt("user"));
                    assertTrue(answer.getString("basedir").startsWith(base.resolve("one") + ":"));
                    assertEquals(base.resolve("state/one").resolve(state).toString(), answer.getString("sessions"));
                    assertFalse(String.valueOf(answer.getString("other")).contains("secret"));
                });
                Callers second = told("two.example", "/?read=" + base.resolve("one/secret.txt"), answer -> {
                    assertNotEquals("77M", answer.getString("limit"));
                    assertNotEquals(program.toString(), answer.getString("program"));
                    assertEquals(7, answer.getInt("precision"));
                    assertEquals(common, answer.getInt("user"));
                    assertEquals("", answer.getString("basedir"));
                    assertEquals(base.resolve("state/two/sessions").toString(), answer.getString("sessions"));
                    assertTrue(!isRoot()
                            || !String.valueOf(answer.getString("other")).contains("secret"));
                });
                Callers third = told("localhost", "/api/who", answer -> assertEquals(7, answer.getInt("precision")))) {
            first.awaitMore(300);
            second.awaitMore(300);
            third.awaitMore(300);
        }
        Path sessions = base.resolve("state/one").resolve(state);
        assertEquals("rwx------", permissions(sessions));
        assertEquals(own, owner(sessions));
        awaitQuiet();
        assertEquals(1, status().getInt("generation.number"), gateway::log); // that of the start is the only one
        String cookie = ask("one.example", "/").header("Set-Cookie").split(";")[0];
        assertEquals(
                2,
                JsonPath.from(ask("one.example", "/", "Cookie: " + cookie).text())
                        .getInt("visits"));
        assertEquals(
                1,
                JsonPath.from(ask("two.example", "/", "Cookie: " + cookie).text())
                        .getInt("visits"));
        // What no pool's user can read is not sent to clients either, and each sees its own.
        assertEquals(200, ask("one.example", "/secret.txt").status());
        assertEquals(200, ask("two.example", "/secret.txt").status());
        assertRunDirectoriesAreClosed();
        assertStatusAndMetersTellOfThem();
    }

    private Callers told(String host, String target, Consumer<JsonPath> check) {
        return Callers.start(2, gateway.port, host, target, answer -> {
            assertEquals(200, answer.status(), answer::text);
            check.accept(JsonPath.from(answer.text()));
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
        int before = who("one.example").getInt("pid");
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
        assertNotEquals(before, who("one.example").getInt("pid"));
        assertEquals(0, status().getInt("pools[1].workers[0].restarts"));
        assertEquals(List.of(0, 0), status().getList("workers.restarts"));
        assertTrue(management("/q/metrics").contains("relais_pool_restarts_total{pool=\"site:one\"} 1.0"));
    }

    /** From no pool to one, to one with other settings and another user, and back, while clients call without a pause. */
    @ParameterizedTest
    @ValueSource(strings = {"files", "generations"})
    void noRequestIsLostWhenAPoolComesChangesAndGoes(String reload) throws Exception {
        yaml("", "pool: {children: 1}", "");
        start(reload);
        Set<String> limits = ConcurrentHashMap.newKeySet();
        Set<String> others = ConcurrentHashMap.newKeySet();
        int common = who("one.example").getInt("user");
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
            assertEquals(isRoot() ? uid(OTHER) : common, who("one.example").getInt("user"));
            awaitEnd(first);
            List<Long> second = pids("pools.find { it.name == 'site:one' }");

            yaml("", "pool: {children: 1}", "");
            await().untilAsserted(
                            () -> assertEquals(List.of("site:two"), status().getList("pools.name"), gateway::log));
            awaitQuiet();
            limits.clear();
            awaitLimit(load, limits, usual);
            assertEquals(Set.of(usual), limits);
            assertEquals(common, who("one.example").getInt("user"));
            awaitEnd(second);
            Answer late = slow.send("cd").answer();
            assertEquals(200, late.status(), late::text);
            other.awaitMore(20);
        } catch (AssertionError e) {
            throw new AssertionError(gateway.log(), e);
        }
        assertEquals(1, others.size());
        assertFalse(management("/q/metrics").contains("pool=\"site:one\""));
        try (Stream<Path> all = Files.list(run())) {
            assertEquals(
                    2,
                    all.filter(path -> path.getFileName().toString().startsWith("relais-"))
                            .count());
        }
    }

    private List<Long> pids(String pool) throws IOException {
        List<Number> pids = status().getList(pool + ".workers.children.pid.flatten()");
        return pids.stream().map(Number::longValue).toList();
    }

    private void awaitLimit(Callers load, Set<String> limits, String limit) {
        await().untilAsserted(() -> assertTrue(load.hasFailed() || limits.contains(limit), gateway::log));
    }

    private static void awaitEnd(List<Long> pids) {
        await().until(() -> pids.stream()
                .noneMatch(pid ->
                        ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()));
    }

    /** Without a restart, whatever stands in the file. */
    @Test
    void whatIsWrongIsRefusedWithItsKeyAndTheLastGoodStays() throws Exception {
        yaml("pool: {ini: {memory_limit: 71M}}", "", "");
        start("files");
        long pid = who("one.example").getLong("pid");
        refuses("pool: {php-fpm: /none/php-fpm, ini: {memory_limit: 72M}}", "sites.one.pool.php-fpm=/none/php-fpm");
        refuses("pool: {ini: {memory_limit: 72M, 'date.timezone': 'No/Where'}}", "sites.one.pool.ini.date.timezone=");
        refuses("pool: {user: nobody-knows}", "sites.one.pool.user=nobody-knows: ");
        refuses("pool: nowhere", "sites.one.pool=nowhere: there is no such pool; ");
        refuses("pool: {ini: {'fastcgi.logging': 0}}", "sites.one.pool.ini.fastcgi.logging=0: ");
        assertEquals("71M", who("one.example").getString("limit"));
        assertTrue(pids("pools").contains(pid));

        yaml("pool: {ini: {memory_limit: 73M}}", "", "");
        await().untilAsserted(() -> assertEquals("73M", who("one.example").getString("limit"), gateway::log));
        assertEquals(null, status().getString("functions.problem"));
    }

    private void refuses(String pool, String problem) throws IOException {
        yaml(pool, "", "");
        await().untilAsserted(() -> {
            String told = String.valueOf(status().getString("functions.problem"));
            assertTrue(told.contains(problem), told + gateway.log());
        });
        assertEquals("71M", who("one.example").getString("limit"));
    }

    @Test
    void aStartWithAPoolThatCannotBeStartedEndsWithItsKey() throws Exception {
        yaml("pool: {php-fpm: /none/php-fpm}", "", "");
        gateway = PackagedGateway.start(functions, Map.of("relais.workers.run-directory", run().toString()));
        assertEquals(1, gateway.exitCode());
        gateway.logs("functions.yaml: sites.one.pool.php-fpm=/none/php-fpm: there is no such file; ");
        assertTrue(gateway.php().isEmpty());
    }

    /** The file may be anywhere; a change of it is a change of the pool. */
    @ParameterizedTest
    @ValueSource(strings = {"files", "generations"})
    void aFileOfSettingsIsFollowed(String reload) throws Exception {
        Path ini = base.resolve("shop.ini");
        put(ini, "memory_limit = 81M\n");
        yaml("pool: {ini: " + ini + "}", "", "");
        start(reload);
        assertEquals("81M", who("one.example").getString("limit"));
        assertNotEquals("81M", who("two.example").getString("limit"));
        put(ini, "memory_limit = 82M\n");
        await().untilAsserted(() -> assertEquals("82M", who("one.example").getString("limit"), gateway::log));
    }

    @Test
    void changedCodeOfAPoolComesIntoForce() throws Exception {
        yaml("pool: {children: 2}", "", "functions: {who: {pool: {children: 2}}}");
        start("generations");
        put(base.resolve("one/index.php"), "<?php echo json_encode(['limit' => 'new']);");
        put(functions.resolve("who.php"), "<?php echo json_encode(['limit' => 'new']);");
        await().untilAsserted(() -> {
            assertEquals("new", who("one.example").getString("limit"), gateway::log);
            assertEquals(
                    "new", JsonPath.from(ask("localhost", "/api/who").text()).getString("limit"));
        });
        awaitQuiet();
        JsonPath now = status();
        assertEquals(now.getInt("generation.number"), now.getInt("pools[0].generation"));
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
