package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Attempts;
import dev.relais.testing.Callers;
import dev.relais.testing.Patience;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One generation of workers after the other, in a directory that is a symlink to a release. */
class GenerationsIT {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    /** Far longer than any test takes for changes that belong together; the looks come far more often. */
    private static final Duration QUIET = Duration.ofSeconds(3);

    private static Path base;
    private static Path run;
    private static PackagedGateway gateway;
    private static int releases;
    private static int together;

    @BeforeAll
    static void start() throws IOException {
        base = Files.createTempDirectory("relais-it-generations-");
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
        run = Files.createDirectory(base.resolve("run"));
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-xr-x"));
        release();
        gateway = PackagedGateway.start(
                        base.resolve("current"),
                        Map.of(
                                "relais.functions.reload",
                                "generations",
                                "relais.functions.quiet",
                                QUIET.toSeconds() + "s",
                                "relais.functions.scan-interval",
                                "10ms",
                                "relais.workers.run-directory",
                                run.toString()))
                .ready();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        Side.delete(base);
    }

    /**
     * Makes a release and switches the symlink to it.
     *
     * @return the one before; null at the first time
     */
    private static Path release() throws IOException {
        return release("<?php echo 'well';");
    }

    /** @param smoke the script that warm-up calls ask for */
    private static Path release(String smoke) throws IOException {
        Path current = base.resolve("current");
        Path before = Files.exists(current) ? current.toRealPath() : null;
        Path release = Files.createDirectory(base.resolve("release-" + ++releases));
        put(release, "version.php", "<?php require __DIR__ . '/_include.php'; echo '" + releases + " ', included();");
        put(release, "_include.php", "<?php function included() { return '" + releases + "'; }");
        put(release, "gate.php", Files.readString(Path.of("src/test/php/gate.php")));
        put(release, "smoke.php", smoke);
        put(release, "never.php", "<?php use A\\X; use B\\X;"); // which ends PHP when it is compiled
        put(release, "functions.yaml", "functions:\n  smoke:\n    warm-up: [\"?deep=1\", \"/path\"]\n");
        Path link = Files.createSymbolicLink(base.resolve("next"), release);
        Files.move(link, current, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return before;
    }

    private static void put(Path directory, String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve("." + name), text);
        Files.move(file, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void put(String name, String text) throws IOException {
        put(base.resolve("current").toRealPath(), name, text);
    }

    private static HttpResponse<String> ask(HttpRequest.Builder request, int port, String path) throws Exception {
        return CLIENT.send(
                request.uri(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Patience.LIMIT)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String get(String path) throws Exception {
        HttpResponse<String> answer = ask(HttpRequest.newBuilder(), gateway.port, path);
        assertEquals(200, answer.statusCode(), path);
        return answer.body();
    }

    private static HttpResponse<String> post(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.noBody());
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return ask(request, gateway.management, path);
    }

    private static JsonPath switched() throws Exception {
        HttpResponse<String> answer = post("/q/relais/generations?wait=30s");
        assertEquals(200, answer.statusCode(), answer.body());
        return JsonPath.from(answer.body());
    }

    private static JsonPath status() throws Exception {
        HttpResponse<String> answer = ask(HttpRequest.newBuilder(), gateway.management, "/q/relais");
        assertEquals(200, answer.statusCode(), answer.body());
        return JsonPath.from(answer.body());
    }

    private static void awaitServing(int least) {
        eventually(() -> status().getInt("generation.number") >= least
                && status().getString("generation.state").equals("serving"));
    }

    /** Waits for a condition. A failure shows the gateway's log. */
    private static void eventually(Callable<Boolean> condition) {
        await().untilAsserted(() -> assertTrue(condition.call(), gateway::log));
    }

    private static Set<Integer> pids() throws Exception {
        return new HashSet<>(status().getList("workers.children.pid.flatten()"));
    }

    /**
     * Starts eight callers. Every answer must be whole, and of one version.
     *
     * @param seen receives the answers
     */
    private static Callers load(Set<String> seen) {
        return Callers.start(8, gateway.port, "/api/version", answer -> {
            assertEquals(200, answer.status());
            assertTrue(Pattern.matches("(\\w+) \\1", answer.text()), answer::text);
            seen.add(answer.text());
        });
    }

    @Test
    void aReleaseTakesOverAsAWholeThoughTheOldOneIsGoneAtOnce() throws Exception {
        Set<Integer> before = pids();
        Set<String> seen = ConcurrentHashMap.newKeySet();
        try (Callers load = load(seen)) {
            load.awaitMore(50);
            Path old = release();
            Side.delete(old); // as kubelet does with a ConfigMap
            eventually(() -> load.hasFailed() || seen.contains(releases + " " + releases));
        }
        awaitServing(2);
        Set<Integer> after = pids();
        assertEquals(4, after.size());
        after.retainAll(before);
        assertEquals(Set.of(), after);
    }

    @Test
    void filesThatChangeOneAfterTheOtherTakeOverTogether() throws Exception {
        Attempts.untilProved(GenerationsIT::takeOverTogether);
    }

    /** @return false when the test itself was so slow that its changes may not have come within the quiet time */
    private static boolean takeOverTogether() throws Exception {
        switched(); // so that no change of another test is on its way
        awaitServing(1); // its draining is over, too
        long switches = status().getLong("generation.switches");
        String former = get("/api/version");
        String name = "both" + ++together;
        String both = name + " " + name;
        Set<String> seen = ConcurrentHashMap.newKeySet();
        String state;
        long took;
        try (Callers load = Callers.start(8, gateway.port, "/api/version", answer -> {
            assertEquals(200, answer.status());
            seen.add(answer.text());
        })) {
            long begin = System.nanoTime();
            put("_include.php", "<?php function included() { return '" + name + "'; }");
            load.awaitMore(100); // the time of a deployment: many looks at the directory, and within the quiet time
            state = status().getString("generation.state");
            put("version.php", "<?php require __DIR__ . '/_include.php'; echo '" + name + " ', included();");
            took = System.nanoTime() - begin;
            eventually(() -> load.hasFailed() || seen.contains(both));
        }
        awaitServing(1);
        if (took > QUIET.toNanos() / 2) {
            // Then the first change may have taken over alone, but nothing else may.
            Set<String> possible = Set.of(former, both, former.split(" ")[0] + " " + name);
            assertTrue(possible.containsAll(seen), seen::toString);
            return false;
        }
        assertEquals("serving", state, "no switch begins before it is quiet");
        assertEquals(Set.of(former, both), seen);
        assertEquals(switches + 1, status().getLong("generation.switches"));
        return true;
    }

    @Test
    void aFailedWarmUpCallLeavesTheOldOneServingUntilItIsMended() throws Exception {
        switched(); // so that no change of another test is on its way
        String served = get("/api/version");
        long failures = status().getLong("generation.failures");
        release("<?php http_response_code(isset($_GET['deep']) ? 500 : 200);");
        eventually(() -> status().getLong("generation.failures") > failures);

        assertEquals(served, get("/api/version"));
        assertEquals("warm-up call /api/smoke?deep=1 was answered with 500", status().getString("generation.problem"));
        HttpResponse<String> answer = post("/q/relais/generations?wait=30s");
        assertEquals(409, answer.statusCode());
        assertEquals("failed", JsonPath.from(answer.body()).getString("outcome"));
        assertTrue(ask(HttpRequest.newBuilder(), gateway.management, "/q/metrics")
                .body()
                .contains("relais_generation_switches_total{outcome=\"failed\"} " + (failures + 2) + ".0"));
        gateway.logs("Generation is given up: ");
        gateway.logs("reason=\"warm-up call /api/smoke");

        put("smoke.php", "<?php echo 'well';");
        eventually(() -> get("/api/version").equals(releases + " " + releases));
        assertEquals(null, status().getString("generation.problem"));
    }

    @Test
    void aScriptOnTheOldGenerationEndsWhatItDoes() throws Exception {
        try (Side side = new Side();
                RawClient first = RawClient.connect(gateway.port);
                RawClient second = RawClient.connect(gateway.port)) {
            first.get("/api/gate?id=1&" + side.query());
            second.get("/api/gate?id=2&" + side.query());
            Set<Integer> running = Set.of((int) side.await("running-1"), (int) side.await("running-2"));
            assertTrue(pids().containsAll(running));

            switched();

            assertTrue(Collections.disjoint(pids(), running));
            assertFalse(side.has("through-1") || side.has("through-2"));
            side.open("gate");
            assertEquals("through", first.answer().text());
            assertEquals("through", second.answer().text());
            assertEquals(running, Set.of((int) side.await("through-1"), (int) side.await("through-2")));
        }
    }

    @Test
    void aHangUpIsAWishToo() throws Exception {
        int number = switched().getInt("generation");
        gateway.signal("HUP", gateway.process());
        awaitServing(number + 1);
        assertTrue(gateway.isAlive());
    }

    @Test
    void onlyProgramsOnThisHostMayAsk() throws Exception {
        long switches = status().getLong("generation.switches");
        assertEquals(
                403,
                post("/q/relais/generations", "Origin", "http://evil.example").statusCode());
        assertEquals(
                403,
                post("/q/relais/generations", "Sec-Fetch-Site", "cross-site").statusCode());
        assertEquals(
                403,
                post("/q/relais/generations", "Authorization", "Bearer guess").statusCode());
        assertEquals(400, post("/q/relais/generations?wait=soon").statusCode());
        assertEquals(
                405,
                ask(HttpRequest.newBuilder(), gateway.management, "/q/relais/generations")
                        .statusCode());
        assertEquals(switches, status().getLong("generation.switches"));
    }

    @Test
    void nothingIsLeftOfFormerGenerations() throws Exception {
        switched();
        awaitServing(2);
        long descriptors = gateway.descriptors();
        int number = 0;
        for (int i = 0; i < 4; i++) {
            int next = switched().getInt("generation");
            assertNotEquals(number, next);
            number = next;
        }
        awaitServing(number);
        assertEquals(2, gateway.masters().size());
        assertEquals(4, pids().size());
        try (Stream<Path> files = Files.walk(run)) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).toList();
            assertEquals(
                    2, names.stream().filter(name -> name.endsWith(".sock")).count(), names.toString());
            assertEquals(2, names.stream().filter(name -> name.endsWith(".pid")).count(), names.toString());
        }
        await().until(() -> gateway.descriptors() <= descriptors + 2); // the test's own connections
        Set<String> labels = new HashSet<>();
        var label = Pattern.compile("worker=\"(\\d+)\"")
                .matcher(ask(HttpRequest.newBuilder(), gateway.management, "/q/metrics")
                        .body());
        while (label.find()) {
            labels.add(label.group(1));
        }
        assertEquals(Set.of("0", "1"), labels);
    }
}
