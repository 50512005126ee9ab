package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Attempts;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the gateway ends: in order, out of time, and killed. */
class StopIT {
    private Path functions;

    @BeforeEach
    void functions() throws Exception {
        functions = PackagedGateway.functions(Map.of(
                "hello.php", "<?php echo 'hello';",
                "gate.php", Files.readString(Path.of("src/test/php/gate.php")),
                "slow.php", "<?php usleep(1000 * (int) $_GET['ms']); echo 'slow';",
                "exec.php", "<?php exec('sleep 300');"));
    }

    @Test
    void sigtermAnswersRunningAndWaitingRequestsAndExitsWithZero() throws Exception {
        try (Side side = new Side();
                PackagedGateway gateway = PackagedGateway.start(functions, Map.of("relais.queue.max-wait", "60s"))
                        .ready()) {
            List<CompletableFuture<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) { // four children: half of them wait
                answers.add(CompletableFuture.supplyAsync(
                        () -> gateway.get("/api/gate?" + side.query()), task -> new Thread(task).start()));
            }
            await().until(() -> metric(gateway, "relais_queue_length") == 4);
            List<ProcessHandle> php = gateway.php();
            gateway.term();
            await().until(() -> PackagedGateway.status(gateway.management, "/q/health/ready") == 503);
            side.open("gate");
            for (CompletableFuture<Integer> answer : answers) {
                assertEquals(200, answer.get());
            }
            assertEquals(0, gateway.exitCode(), gateway.log());
            assertTrue(php.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    @Test
    void duringTheDelayReadinessIsDownAndNewConnectionsAreServed() throws Exception {
        Attempts.untilProved(this::isServedDuringTheDelay);
    }

    /** @return false when nothing was served, because the test paused until the delay was over */
    private boolean isServedDuringTheDelay() throws Exception {
        Duration delay = Duration.ofSeconds(3);
        try (PackagedGateway gateway = PackagedGateway.start(
                        functions, Map.of("relais.shutdown.delay", delay.toSeconds() + "s"))
                .ready()) {
            long signalled = System.nanoTime();
            gateway.term();
            await().until(() ->
                    PackagedGateway.status(gateway.management, "/q/health/ready") == 503 || !gateway.isAlive());
            int served = 0;
            while (gateway.get("/api/hello") == 200) { // each on a connection of its own
                served++;
            }
            Duration until = Duration.ofNanos(System.nanoTime() - signalled);
            assertTrue(until.compareTo(delay) >= 0, "refused after " + until + ", " + served + " served");
            assertEquals(0, gateway.exitCode(), gateway.log());
            return served > 0;
        }
    }

    @Test
    void aStopBreaksOffWhatIsTooSlow() throws Exception {
        try (PackagedGateway gateway = PackagedGateway.start(functions, Map.of("relais.shutdown.timeout", "500ms"))
                .ready()) {
            CompletableFuture<Integer> slow = CompletableFuture.supplyAsync(() -> gateway.get("/api/slow?ms=15000"));
            await().until(() -> metric(gateway, "relais_worker_children_busy") >= 1);
            gateway.term();
            assertEquals(0, gateway.exitCode());
            assertEquals(-1, slow.get());
        }
    }

    @Test
    void whatIsPipelinedBehindTheLastAnswerIsNotRunWhoeverGivesThat() throws Exception {
        Path marks = Files.createDirectory(functions.resolve("_marks"));
        Files.setPosixFilePermissions(marks, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.writeString(functions.resolve("mark.php"), "<?php touch(__DIR__ . '/_marks/' . $_GET['n']);");
        Files.createDirectories(functions.resolve("site/sub"));
        for (String script : List.of("site/index.php", "site/sub/index.php")) {
            Files.writeString(functions.resolve(script), "<?php echo 'page';");
        }
        Files.writeString(functions.resolve("site/a.css"), "a".repeat(300_000));
        Files.writeString(functions.resolve("functions.yaml"), "functions: {site: {application: true}}");
        String[][] requests = {
            {"200", "/api/site/a.css", "X-A: b"},
            {"206", "/api/site/a.css", "Range: bytes=1-2"},
            {"304", "/api/site/a.css", "If-None-Match: *"},
            {"416", "/api/site/a.css", "Range: bytes=400000-"},
            {"301", "/api/site/sub", "X-A: b"},
            {"404", "/api/site/.hidden", "X-A: b"},
            {"404", "/api/nothing", "X-A: b"},
            {"200", "/api/hello", "X-A: b"},
        };
        try (PackagedGateway gateway = PackagedGateway.start(functions, Map.of("relais.shutdown.delay", "20s"))
                .ready()) {
            assertEquals(200, gateway.get("/api/mark?n=before"));
            gateway.term();
            await().until(() -> PackagedGateway.status(gateway.management, "/q/health/ready") == 503);
            for (int i = 0; i < requests.length; i++) {
                try (RawClient client = RawClient.connect(gateway.port)) {
                    client.send("GET " + requests[i][1] + " HTTP/1.1\r\nHost: localhost\r\n" + requests[i][2]
                            + "\r\n\r\nGET /api/mark?n=" + i + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
                    Answer answer = client.answer();
                    assertEquals(requests[i][0], String.valueOf(answer.status()), requests[i][1]);
                    assertEquals("close", answer.header("Connection"), requests[i][1]);
                    assertTrue(client.isEnded(), requests[i][1]);
                }
            }
            assertEquals(
                    200, gateway.get("/api/mark?n=after")); // which has gone the whole way, so the others have, too
            try (var files = Files.list(marks)) {
                assertEquals(
                        List.of("after", "before"),
                        files.map(file -> file.getFileName().toString())
                                .sorted()
                                .toList());
            }
            gateway.kill();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONT", "STOP", "KILL"})
    void nothingIsLeftOfAKilledGateway(String before) throws Exception {
        try (PackagedGateway gateway =
                PackagedGateway.start(functions, Map.of()).ready()) {
            CompletableFuture.supplyAsync(() -> gateway.get("/api/exec"));
            await().until(() -> gateway.php().stream().anyMatch(StopIT::isSleep));
            List<ProcessHandle> left = gateway.php();
            gateway.signal(before, gateway.masters().get(0));
            gateway.kill();
            await().until(() -> left.stream().noneMatch(StopIT::runs));
        }
    }

    @Test
    void twoGatewaysDoNotDisturbEachOther() throws Exception {
        try (PackagedGateway one = PackagedGateway.start(functions, Map.of()).ready();
                PackagedGateway other =
                        PackagedGateway.start(functions, Map.of()).ready()) {
            one.kill();
            one.exitCode();
            for (int i = 0; i < 20; i++) {
                assertEquals(200, other.get("/api/hello"));
            }
        }
    }

    private static boolean isSleep(ProcessHandle process) {
        return process.info().command().orElse("").endsWith("sleep");
    }

    /** Zombies are over. */
    private static boolean runs(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z' && process.isAlive();
        } catch (java.io.IOException e) {
            return false;
        }
    }

    static double metric(PackagedGateway gateway, String name) throws Exception {
        try (var in = java.net
                .URI
                .create("http://127.0.0.1:" + gateway.management + "/q/metrics")
                .toURL()
                .openStream()) {
            return new String(in.readAllBytes())
                    .lines()
                    .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        }
    }
}
