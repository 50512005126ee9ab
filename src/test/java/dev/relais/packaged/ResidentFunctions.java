package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A gateway with functions that stay in memory, for tests of what becomes of them. */
abstract class ResidentFunctions {
    static final String APPLICATION = """
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

    static final String SETTINGS = """
        functions:
          app: {resident: {script: index.php, children: 2}}
          one: {resident: {script: index.php, children: 2}, concurrency: 1}
          short: {resident: {script: index.php, children: 2}, timeout: 1s}
          kept: {resident: {script: index.php, children: 1}, cache: {ttl: 60s}}
        """;

    static final String FIRST_VERSION = "<?php return 1;";

    PackagedGateway gateway;
    Path run;
    Side side;
    private Path functions;

    @BeforeEach
    void makeSide() throws IOException {
        side = new Side();
    }

    @AfterEach
    void removeSide() throws IOException {
        side.close();
    }

    /** Writes the functions of {@link #SETTINGS}, and those that are named besides. */
    final void write(String settings, String... more) throws IOException {
        functions = PackagedGateway.functions(Map.of("usual.php", "<?php echo 'usual ', getmypid();"));
        for (String name : Stream.concat(Stream.of("app", "one", "short", "kept"), Stream.of(more))
                .toList()) {
            put(name + "/index.php", APPLICATION);
            put(name + "/_version.php", FIRST_VERSION);
        }
        put("functions.yaml", settings);
        run = Files.createTempDirectory("relais-it-run-");
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** @param more settings, over the defaults of this fixture */
    final PackagedGateway start(Map<String, String> more) throws IOException {
        Map<String, String> settings = new HashMap<>(Map.of(
                "relais.workers.count", "1",
                "relais.functions.reload", "files",
                "relais.queue.max-wait", "1s",
                "relais.workers.run-directory", run.toString()));
        settings.putAll(more);
        gateway = PackagedGateway.start(functions, settings);
        return gateway;
    }

    final void stop() throws Exception {
        if (gateway != null) {
            gateway.close();
        }
        Side.delete(run);
    }

    /** Puts a file of the functions in its place, at once. */
    final void put(String name, String text) throws IOException {
        Path file = functions.resolve(name);
        Files.createDirectories(file.getParent());
        Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Path fresh = Files.writeString(file.resolveSibling("." + file.getFileName()), text);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Puts a file in its place unless this is its text, so that nothing changes then. */
    final void restore(String name, String text) throws IOException {
        if (!Files.readString(functions.resolve(name)).equals(text)) {
            put(name, text);
        }
    }

    final Answer ask(String target) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port)) {
            return client.get(target).answer();
        }
    }

    /** Version, process and count of a function's next answer. */
    final String[] told(String function) throws IOException {
        Answer answer = ask("/api/" + function);
        assertEquals(200, answer.status(), answer::text);
        return answer.text().split(" ");
    }

    final JsonPath status() throws IOException {
        return new PackagedStatus(gateway).page();
    }

    final List<Integer> pids(String function) throws IOException {
        return status().getList("pools.find { it.name == 'function:" + function + "' }.workers.children.pid.flatten()");
    }

    final int master(String function) throws IOException {
        return status().getInt("pools.find { it.name == 'function:" + function + "' }.workers[0].master");
    }

    final void eventually(Callable<Boolean> condition) {
        await().untilAsserted(() -> assertTrue(condition.call(), gateway::log));
    }

    final long lines(String text) {
        return gateway.log().lines().filter(line -> line.contains(text)).count();
    }
}
