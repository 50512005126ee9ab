package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Patience;
import dev.relais.testing.Side;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What happens while a generation warms up. */
class WarmUpIT {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** Functions whose warm-up call writes a log line and then does not end. */
    private static Path endless() throws IOException {
        return PackagedGateway.functions(Map.of(
                "hello.php",
                "<?php echo 'hello';",
                "endless.php",
                "<?php if ($_SERVER['HTTP_USER_AGENT'] === 'relais-warm-up') { file_put_contents('php://stderr', \"it"
                        + " warms up\\n"
                        + "\"); sleep(50); }",
                "functions.yaml",
                "functions:\n  endless:\n    warm-up: ['']\n"));
    }

    private static PackagedGateway start(Path functions, Map<String, String> settings) throws IOException {
        Map<String, String> all = new TreeMap<>(settings);
        all.put("relais.functions.reload", "generations");
        all.put("relais.workers.count", "1");
        return PackagedGateway.start(functions, all);
    }

    private static void awaitWarmUp(PackagedGateway gateway) {
        await("warm-up: " + gateway.log()).until(() -> gateway.log().contains("it warms up"));
    }

    private static HttpResponse<String> send(PackagedGateway gateway, HttpRequest.Builder request, String path) {
        try {
            return CLIENT.send(
                    request.uri(URI.create("http://127.0.0.1:" + gateway.management + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static HttpResponse<String> switchNow(PackagedGateway gateway) {
        return send(
                gateway,
                HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.noBody()),
                "/q/relais/generations?wait=60s");
    }

    private static String state(PackagedGateway gateway) {
        return send(gateway, HttpRequest.newBuilder(), "/q/relais").body();
    }

    @Test
    void aTermBreaksTheFirstOneOffAndNothingIsLeft() throws Exception {
        try (PackagedGateway gateway = start(endless(), Map.of())) {
            awaitWarmUp(gateway);
            List<ProcessHandle> php = gateway.php();
            gateway.term();
            assertTrue(gateway.process().onExit().get(Patience.SECONDS, TimeUnit.SECONDS) != null);
            assertEquals(0, gateway.exitCode(), gateway.log());
            assertTrue(!php.isEmpty() && php.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    @Test
    void aHangUpIsKeptAndACallThatDoesNotEndIsEndedWithTheTimeForIt() throws Exception {
        try (PackagedGateway gateway =
                start(endless(), Map.of("relais.workers.children", "1", "relais.generations.warm-up-timeout", "2s"))) {
            awaitWarmUp(gateway);
            gateway.signal("HUP", gateway.process());
            gateway.ready();
            assertEquals(200, gateway.get("/api/hello")); // the only child is free again
            await().until(() -> gateway.log().contains("Generation is started: generation=2 reason=\"SIGHUP came\""));
        }
    }

    @Test
    void aGenerationWaitsForReplacedChildrenButServesNotWithoutItsMaster() throws Exception {
        try (Side side = new Side();
                PackagedGateway gateway = startWithGate(side).ready()) {
            HttpResponse<String> answer = switchNow(gateway);
            assertEquals(200, answer.statusCode(), answer.body());
            await().until(() -> state(gateway).contains("\"state\" : \"serving\"")
                    && gateway.masters().size() == 1);

            List<ProcessHandle> serving = gateway.masters();
            Files.delete(side.path().resolve("gate"));
            Files.delete(side.path().resolve("running"));
            CompletableFuture<HttpResponse<String>> asked =
                    CompletableFuture.supplyAsync(() -> switchNow(gateway), task -> new Thread(task).start());
            long child = side.await("running"); // so it warms up until its master is killed
            gateway.masters().stream()
                    .filter(master -> !serving.contains(master))
                    .forEach(ProcessHandle::destroyForcibly);
            assertEquals(409, asked.get().statusCode(), asked.get().body());
            assertTrue(
                    asked.get().body().contains("the master of worker 0 ended"),
                    asked.get().body());
            Side.awaitEnd(child); // which no longer has a master that could end it
            assertEquals(serving, gateway.masters());
            assertEquals(200, gateway.get("/api/hello"));
        }
    }

    /** Its generations compile their scripts, which is the first part of a warm-up, while the gate is open, as it is now. */
    private static PackagedGateway startWithGate(Side side) throws IOException {
        side.open("gate");
        Path functions = PackagedGateway.functions(Map.of(
                "hello.php",
                "<?php echo 'hello';",
                "_before.php",
                "<?php $side = '" + side.path() + "'; if (isset($_SERVER['RELAIS_LIST'])) {"
                        + " file_put_contents(\"$side/running\", getmypid());"
                        + " while (is_dir($side) && !file_exists(\"$side/gate\")) { clearstatcache(); usleep(2000); } }",
                "functions.yaml",
                "functions:\n  hello:\n    warm-up: ['']\n"));
        return start(
                functions,
                Map.of(
                        "relais.workers.children",
                        "1",
                        "relais.recycle.requests",
                        "1",
                        "relais.workers.php-settings.\"auto_prepend_file\"",
                        functions.resolve("_before.php").toString()));
    }
}
