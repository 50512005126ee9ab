package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.relais.testing.Answer;
import dev.relais.testing.Callers;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.restassured.path.json.JsonPath;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Sites and functions for pools of their own. Each answer tells which process it is from, as whom, and with which settings. */
abstract class PoolSites {
    /** Debian's, who has no files here; PHP's own user is www-data. */
    static final String OTHER = "games";

    static final String WHO = """
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

    Path base;
    Path functions;
    PackagedGateway gateway;

    final void makeSites() throws IOException {
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

    final void stop() throws Exception {
        if (gateway != null) {
            gateway.close();
        }
        if (base != null) {
            Side.delete(base);
        }
    }

    static Path open(Path path, String permissions) throws IOException {
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    static void put(Path file, String text) throws IOException {
        Path fresh = open(Files.writeString(file.resolveSibling("." + file.getFileName() + ".new"), text), "rw-r--r--");
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** The keys of a pool with this user, where there can be another one. */
    static String as(String user) {
        return isRoot() ? "user: " + user + ", " : "";
    }

    /** @param pools the keys {@code pool} of the two sites; empty for none */
    final void yaml(String one, String two, String more) throws IOException {
        put(functions.resolve("functions.yaml"), """
                sites:
                  one: {hosts: [one.example], root: %1$s/one, %2$s}
                  two: {hosts: [two.example], root: %1$s/two, %3$s}
                %4$s
                """.formatted(base, one, two, more)
                .replace(", }", "}"));
    }

    final void start(String reload) throws IOException {
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

    final Path run() throws IOException {
        Path run = base.resolve("run");
        return Files.exists(run) ? run : open(Files.createDirectory(run), "rwxr-xr-x");
    }

    final Answer ask(String host, String target, String... fields) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port)) {
            String head = "GET " + target + " HTTP/1.1\r\nHost: " + host;
            for (String field : fields) {
                head += "\r\n" + field;
            }
            return client.head(head).answer();
        }
    }

    final JsonObject who(String host) throws IOException {
        Answer answer = ask(host, "/");
        assertEquals(200, answer.status(), answer::text);
        return new JsonObject(answer.text());
    }

    final String management(String target) throws IOException {
        try (RawClient client = RawClient.connect(gateway.management)) {
            return client.get(target).answer().text();
        }
    }

    final JsonPath status() throws IOException {
        return JsonPath.from(management("/q/relais"));
    }

    final Callers load(int count, String host, Set<String> limits) {
        return Callers.start(count, gateway.port, host, "/", answer -> {
            assertEquals(200, answer.status(), answer::text);
            limits.add(new JsonObject(answer.text()).getString("limit"));
        });
    }

    /** The other generations have ended, so that what is there now stays. */
    final void awaitQuiet() {
        await().untilAsserted(() -> assertEquals("serving", status().getString("generation.state"), gateway::log));
    }

    final List<Long> pids(String pool) throws IOException {
        List<Number> pids = status().getList(pool + ".workers.children.pid.flatten()");
        return pids.stream().map(Number::longValue).toList();
    }

    static int uid(String user) throws IOException {
        for (String line : Files.readAllLines(Path.of("/etc/passwd"))) {
            if (line.startsWith(user + ":")) {
                return Integer.parseInt(line.split(":")[2]);
            }
        }
        throw new AssertionError("there is no user " + user);
    }
}
