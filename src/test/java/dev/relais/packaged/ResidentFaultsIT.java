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
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Resident functions that do not boot, kill themselves, hang, are changed or lose what serves them. */
class ResidentFaultsIT {
    private static final String APPLICATION = """
        <?php
        $boot = require __DIR__ . '/_version.php';
        $count = 0;
        return function () use ($boot, &$count): void {
            $count++;
            $side = $_GET['side'] ?? '';
            $mark = function (string $name) use ($side): void {
                file_put_contents("$side/.$name", (string) getmypid());
                rename("$side/.$name", "$side/$name");
            };
            $wait = function (string $gate) use ($side): void {
                while (!file_exists("$side/$gate")) {
                    clearstatcache();
                    usleep(2000);
                }
            };
            switch ($_GET['way'] ?? '') {
                case 'wait':
                    $mark('running-' . $_GET['id']);
                    $wait('gate');
                    echo 'through';
                    break;
                case 'kill':
                    posix_kill(getmypid(), $_GET['signal'] + 0);
                    usleep(10000000);
                    break;
                case 'finish':
                    echo 'finished';
                    fastcgi_finish_request();
                    $mark('finished');
                    $wait('gate');
                    $mark('over');
                    break;
                case 'stream':
                    header('X-Accel-Buffering: no');
                    echo 'first ';
                    flush();
                    $wait('gate');
                    echo 'second';
                    break;
                case 'endless':
                    $mark('endless');
                    while (true) {
                        echo str_repeat('x', 1000);
                        flush();
                        usleep(1000);
                    }
                case 'rogue':
                    $said = [];
                    foreach ([getmypid(), (int) $_GET['other']] as $pid) {
                        foreach ([str_repeat('0', 32), \\Relais\\Resident\\Loop::told('RELAIS_NONCE')] as $nonce) {
                            $door = stream_socket_client('unix://' . \\Relais\\Resident\\Loop::told('RELAIS_SOCKET'));
                            fwrite($door, "RELAIS/1 $nonce $pid\\n");
                            $said[] = fread($door, 1000) === '' ? 'closed' : 'let in';
                        }
                    }
                    echo implode(' ', $said);
                    break;
                default:
                    echo $boot, ' ', getmypid(), ' ', $count;
            }
        };
        """;

    private static final String SETTINGS = """
        functions:
          app: {resident: {script: index.php, children: 2}}
          one: {resident: {script: index.php, children: 2}, concurrency: 1}
          short: {resident: {script: index.php, children: 2}, timeout: 1s}
          kept: {resident: {script: index.php, children: 1}, cache: {ttl: 60s}}
        """;

    private Path functions;
    private Path run;
    private PackagedGateway gateway;
    private Side side;

    @BeforeEach
    void start() throws Exception {
        functions = PackagedGateway.functions(Map.of("usual.php", "<?php echo 'usual ', getmypid();"));
        for (String name : List.of("app", "one", "short", "kept")) {
            put(name + "/index.php", APPLICATION);
            put(name + "/_version.php", "<?php return 1;");
        }
        put("functions.yaml", SETTINGS);
        run = Files.createTempDirectory("relais-it-run-");
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-xr-x"));
        side = new Side();
        gateway = start(Map.of());
        gateway.ready();
    }

    private PackagedGateway start(Map<String, String> more) throws IOException {
        Map<String, String> settings = new java.util.HashMap<>(Map.of(
                "relais.workers.count", "1",
                "relais.functions.reload", "files",
                "relais.queue.max-wait", "1s",
                "relais.workers.run-directory", run.toString()));
        settings.putAll(more);
        return PackagedGateway.start(functions, settings);
    }

    @AfterEach
    void end() throws Exception {
        gateway.close();
        side.close();
        Side.delete(run);
    }

    private void put(String name, String text) throws IOException {
        Path file = functions.resolve(name);
        Files.createDirectories(file.getParent());
        Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Path fresh = Files.writeString(file.resolveSibling("." + file.getFileName()), text);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Answer ask(String target) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port)) {
            return client.get(target).answer();
        }
    }

    /** Version, process and count of a function's next answer. */
    private String[] told(String function) throws IOException {
        Answer answer = ask("/api/" + function);
        assertEquals(200, answer.status(), answer::text);
        return answer.text().split(" ");
    }

    private JsonPath status() throws IOException {
        return new PackagedStatus(gateway).page();
    }

    private List<Integer> pids(String function) throws IOException {
        return status().getList("pools.find { it.name == 'function:" + function + "' }.workers.children.pid.flatten()");
    }

    private int master(String function) throws IOException {
        return status().getInt("pools.find { it.name == 'function:" + function + "' }.workers[0].master");
    }

    private void eventually(Callable<Boolean> condition) {
        await().untilAsserted(() -> assertTrue(condition.call(), gateway::log));
    }

    private long lines(String text) {
        return gateway.log().lines().filter(line -> line.contains(text)).count();
    }

    @Test
    void whatCannotBootAtTheStartLetsOthersBeServedAndServesOnceItIsMended() throws Exception {
        gateway.close();
        put("app/index.php", "<?php this is no PHP");
        gateway = start(Map.of());
        eventually(() -> gateway.get("/api/usual") == 200);
        eventually(() -> gateway.get("/api/one") == 200);
        int refused = ask("/api/app").status();
        assertTrue(refused == 503 || refused == 504, "status " + refused);
        gateway.logs("Resident application cannot be booted");
        gateway.logs("syntax error");
        assertEquals(503, PackagedGateway.status(gateway.management, "/q/health/ready"));

        put("app/index.php", APPLICATION);
        eventually(() -> gateway.get("/api/app") == 200);
        gateway.ready();
    }

    @Test
    void theFormerVersionServesWhileTheChangedOneDoesNotBoot() throws Exception {
        int number = 1;
        for (String broken : List.of(
                "<?php this is no PHP",
                "<?php throw new Exception('no database');",
                "<?php exit;",
                "<?php return 42;",
                "<?php posix_kill(getmypid(), 9); usleep(1000000);")) {
            String[] before = told("app");
            put("app/index.php", broken);
            int known = number++;
            eventually(() -> lines("is not in force, the former serves on: function=app") >= known);
            assertEquals(before[0], told("app")[0]);
        }
        put("app/_version.php", "<?php return 2;");
        put("app/index.php", APPLICATION);
        eventually(() -> told("app")[0].equals("2"));
        assertEquals(200, gateway.get("/api/usual"));
        eventually(() -> pids("app").size() == 2);
    }

    @Test
    void aLongRequestKeepsNoChangeFromComingInForce() throws Exception {
        try (RawClient slow = RawClient.connect(gateway.port)) {
            slow.get("/api/app?way=wait&id=1&" + side.query());
            side.await("running-1");
            put("app/_version.php", "<?php return 2;");
            eventually(() -> told("app")[0].equals("2"));
            put("app/_version.php", "<?php return 3;");
            eventually(() -> told("app")[0].equals("3"));
            put("functions.yaml", SETTINGS + "  usual: {timeout: 7s}\n");
            gateway.logs("changed=[usual]");
            side.open("gate");
            assertEquals("through", slow.answer().text());
        }
        put("app/_version.php", "<?php return 4;");
        eventually(() -> told("app")[0].equals("4"));
        eventually(() -> gateway.masters().size() == 5);
    }

    @Test
    void noAnswerIsMixedOrOldWhileTheCodeChanges() throws Exception {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        int[] highest = {1};
        try (Callers load = Callers.start(1, gateway.port, "/api/app", answer -> {
            assertEquals(200, answer.status(), answer::text);
            int version = Integer.parseInt(answer.text().split(" ")[0]);
            assertTrue(version >= highest[0], version + " after " + highest[0]);
            highest[0] = version;
            seen.add(Integer.toString(version));
        })) {
            for (int version = 2; version <= 5; version++) {
                String wanted = Integer.toString(version);
                put("app/_version.php", "<?php return " + version + ";");
                eventually(() -> load.hasFailed() || seen.contains(wanted));
            }
        }
        assertEquals(Set.of("1", "2", "3", "4", "5"), seen);
    }

    @Test
    void aKeptAnswerIsNeverOfFormerCode() throws Exception {
        String[] first = told("kept");
        assertEquals(first[2], told("kept")[2], "it is kept");
        put("kept/_version.php", "<?php return 2;");
        eventually(() -> told("kept")[0].equals("2"));
        for (int i = 0; i < 20; i++) {
            assertEquals("2", told("kept")[0]);
        }
    }

    @Test
    void theTimeLimitEndsOneChildOnly() throws Exception {
        Set<Integer> before = new HashSet<>(pids("short"));
        assertEquals(504, ask("/api/short?way=wait&id=1&" + side.query()).status());
        int ended = (int) side.await("running-1");
        assertTrue(before.remove(ended));
        Side.awaitEnd(ended);
        eventually(() -> {
            Set<Integer> now = new TreeSet<>(pids("short"));
            return now.size() == 2 && !now.contains(ended) && now.containsAll(before);
        });
    }

    @Test
    void poisonCostsOneChildEachAndIsRefusedAsElsewhere() throws Exception {
        for (int signal : new int[] {11, 9}) {
            Set<Integer> before = new HashSet<>(pids("app"));
            assertEquals(502, ask("/api/app?way=kill&signal=" + signal).status());
            eventually(() -> pids("app").size() == 2 && !before.containsAll(pids("app")));
            before.retainAll(pids("app"));
            assertEquals(1, before.size());
        }
        eventually(() -> {
            ask("/api/app?way=kill&signal=11");
            return lines("Function kills the PHP processes that run it and is refused with 503: function=app") == 1;
        });
        assertEquals(200, gateway.get("/api/one"));
        assertEquals(200, gateway.get("/api/usual"));
    }

    @Test
    void aRogueScriptIsNotLetIn() throws Exception {
        List<Integer> children = pids("app");
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
        int master = master("app");
        Set<Integer> before = new HashSet<>(pids("app"));
        gateway.signal("KILL", ProcessHandle.of(master).orElseThrow());
        eventually(() -> {
            Set<Integer> now = new HashSet<>(pids("app"));
            return now.size() == 2 && now.stream().noneMatch(before::contains) && gateway.get("/api/app") == 200;
        });
        assertNotEquals(master, master("app"));
        before.forEach(Side::awaitEnd);
    }

    @Test
    void aStopWaitsForWhatRuns() throws Exception {
        List<ProcessHandle> php = gateway.php();
        try (RawClient running = RawClient.connect(gateway.port)) {
            running.get("/api/app?way=wait&id=1&" + side.query());
            side.await("running-1");
            gateway.term();
            gateway.logs("Stopping");
            side.open("gate");
            assertEquals("through", running.answer().text());
        }
        assertEquals(0, gateway.exitCode(), gateway::log);
        php.forEach(process -> Side.awaitEnd(process.pid()));
        assertEquals(0, lines("cannot be booted"));
        try (Stream<Path> left = Files.walk(run)) {
            assertEquals(
                    List.of(),
                    left.filter(file -> file.toString().endsWith(".sock")).toList());
        }
    }

    @Test
    void nothingIsLeftOfAKilledGateway() throws Exception {
        List<ProcessHandle> php = gateway.php();
        assertTrue(php.size() >= 5 + 8);
        try (RawClient running = RawClient.connect(gateway.port)) {
            running.get("/api/app?way=wait&id=1&" + side.query());
            side.await("running-1");
            gateway.kill();
            php.forEach(process -> Side.awaitEnd(process.pid()));
        }
    }

    @Test
    void residentComesGoesAndChangesInFunctionsYaml() throws Exception {
        assertEquals(2, pids("app").size());
        put("functions.yaml", SETTINGS.replaceFirst("children: 2", "children: 3"));
        eventually(() -> pids("app").size() == 3 && gateway.get("/api/app") == 200);
        put("functions.yaml", SETTINGS.replaceFirst(".*app:.*\n", ""));
        eventually(() -> pids("app") == null);
        eventually(
                () -> ask("/api/app").text().isEmpty()); // a script that returns a function, run anew for each request
        put("functions.yaml", SETTINGS);
        eventually(() -> ask("/api/app").text().startsWith("1 "));
        assertEquals(2, pids("app").size());
    }

    @Test
    void aGenerationWhoseCodeDoesNotBootIsGivenUp() throws Exception {
        gateway.close();
        gateway = start(Map.of("relais.functions.reload", "generations"));
        gateway.ready();
        put("app/index.php", "<?php throw new Exception('no database');");
        gateway.logs("no database");
        gateway.logs("Generation is given up");
        assertEquals("1", told("app")[0]);
        put("app/_version.php", "<?php return 2;");
        put("app/index.php", APPLICATION);
        eventually(() -> told("app")[0].equals("2"));
        assertEquals(200, gateway.get("/api/usual"));
    }

    @Test
    void aBootThatHangsIsEndedAndTheFormerVersionServes() throws Exception {
        gateway.close();
        gateway = start(Map.of("relais.workers.start-timeout", "3s"));
        gateway.ready();
        put("app/index.php", "<?php while (true) { usleep(1000); }");
        eventually(() -> lines("relais.workers.start-timeout") >= 1);
        assertEquals("1", told("app")[0]);
        put("app/_version.php", "<?php return 2;");
        put("app/index.php", APPLICATION);
        eventually(() -> told("app")[0].equals("2"));
    }
}
