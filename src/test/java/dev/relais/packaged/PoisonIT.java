package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.restassured.path.json.JsonPath;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The six ways of a function to do harm. While each goes on, another function is called all the time, and every call of it is
 * answered promptly; after it the pool is whole, and no process and no descriptor is left over.
 *
 * <p>The workers run under an RLIMIT_NPROC, so that processes without end have one; as root's gateway as a user of their own, since the
 * kernel counts by user.
 */
class PoisonIT {
    /** What the log line begins with that tells of an open breaker; the function's name is next. */
    private static final String REFUSED =
            "Function kills the PHP processes that run it and is refused with 503: function=";

    private static final int CHILDREN = 4;
    private static final int PROCESSES = 64;
    private static final int PAUSE_SECONDS = 4;

    private static final Map<String, String> SCRIPTS = Map.of(
            "hello.php", "<?php echo 'hello';",
            "brief.php", "<?php usleep(2000); echo 'brief';",
            "limits.php", "<?php readfile('/proc/self/limits');",
            "segfault.php", """
            <?php
            if (file_exists($_GET['side'] . '/well')) exit('well');
            posix_kill(getmypid(), 11);
            """,
            "recursion.php", """
            <?php
            class Endless { public function __toString(): string { return 'x' . $this; } }
            echo new Endless();
            """,
            "memory.php", "<?php ini_set('memory_limit', '16M'); for ($all = []; ; ) $all[] = str_repeat('x', 100000);",
            "exit.php", "<?php echo 'half'; flush(); exit(3);",
            "output.php", "<?php for (;;) echo str_repeat('x', 8192);",
            "processes.php", """
            <?php
            file_put_contents($_GET['side'] . '/running-', (string) getmypid());
            for ($started = []; ; usleep(500)) {
                $process = @proc_open($_GET['command'] === 'setsid' ? ['setsid', 'sleep', '300'] : ['sleep', '300'], [], $pipes);
                if ($process !== false) $started[] = $process;
                // The processes of the test before count until they are reaped.
                elseif (count($started) > 8) file_put_contents($_GET['side'] . '/full-', (string) count($started));
            }
            """,
            "functions.yaml", """
            functions:
              site:
                application: true
              output:
                timeout: 500ms
              processes:
                timeout: 3s
            """);

    /** Of an application: the way in which PHP 8.6 ends when there is no memory to be had, and a sound page. */
    private static final Map<String, String> PAGES = Map.of(
            "part.php",
            "<?php echo getmypid(), ' ', fread(fopen('php://input', 'r'), 3);",
            "index.php",
            "<?php echo 'front';",
            "abort.php",
            "<?php posix_kill(getmypid(), 6);",
            "page.php",
            "<?php echo 'page';");

    private static Path functions;
    private static LimitedPhpFpm phpFpm;
    private static PackagedGateway gateway;
    private static Side side;

    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService others = Executors.newSingleThreadExecutor();
    private Future<Integer> answered;
    private long descriptors; // give or take the test's own connections

    @BeforeAll
    static void start() throws Exception {
        functions = PackagedGateway.functions(SCRIPTS);
        Path site = Files.createDirectory(functions.resolve("site"));
        Files.setPosixFilePermissions(site, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (Map.Entry<String, String> page : PAGES.entrySet()) {
            Path file = Files.writeString(site.resolve(page.getKey()), page.getValue());
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        }
        side = new Side();
        boolean root = System.getProperty("user.name").equals("root");
        phpFpm = LimitedPhpFpm.of(root ? PROCESSES : LimitedPhpFpm.tasks() + 2 * PROCESSES);
        Map<String, String> settings = new HashMap<>(Map.of(
                "relais.workers.php-fpm", phpFpm.launcher().toString(), "relais.poison.pause", PAUSE_SECONDS + "s"));
        if (root) {
            settings.put("relais.workers.user", "irc");
        }
        gateway = PackagedGateway.start(functions, settings).ready();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        side.close();
        Side.delete(functions);
        phpFpm.close();
    }

    /** Whether this test kills processes whatever they run, and how many of the other's calls that has cost. */
    private volatile boolean killing;

    private final AtomicInteger lost = new AtomicInteger();

    @BeforeEach
    void callAnother() throws Exception {
        await().until(this::isWhole);
        descriptors = gateway.descriptors();
        answered = others.submit(() -> {
            int count = 0;
            try (RawClient client = RawClient.connect(gateway.port)) {
                for (; !over.await(2, TimeUnit.MILLISECONDS); count++) {
                    long begin = System.nanoTime();
                    int status = client.get("/api/hello").answer().status();
                    if (status == 502 && killing) {
                        lost.incrementAndGet();
                    } else {
                        assertEquals(200, status);
                    }
                    long millis = (System.nanoTime() - begin) / 1_000_000;
                    assertTrue(millis < 2_000, "answered after " + millis + " ms");
                }
            }
            return count;
        });
    }

    /** All others have lived on, and nothing is left over. */
    @AfterEach
    void theGatewayIsAsBefore() throws Exception {
        over.countDown();
        try {
            assertTrue(answered.get(10, TimeUnit.SECONDS) > 0);
        } finally {
            others.shutdownNow();
        }
        await().atMost(Duration.ofSeconds(20)).until(this::isWhole);
        await().atMost(Duration.ofSeconds(20)).until(() -> gateway.descriptors() <= descriptors + 2);
    }

    /** No child is held, and below the masters there is nothing but children. */
    private boolean isWhole() throws Exception {
        if (metric("relais_worker_children_busy") > 1) { // the others' call
            return false;
        }
        int below = 0;
        for (ProcessHandle master : gateway.masters()) {
            below += (int) master.descendants().count();
        }
        return below == CHILDREN;
    }

    private Answer get(String target) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port)) {
            return client.get(target).answer();
        }
    }

    /** The sum over all labels. */
    private static double metric(String name) throws IOException {
        double[] values = values(name);
        assertTrue(values.length > 0, name + " is missing");
        return DoubleStream.of(values).sum();
    }

    private static double[] values(String name) throws IOException {
        try (RawClient client = RawClient.connect(gateway.management)) {
            return client.get("/q/metrics")
                    .answer()
                    .text()
                    .lines()
                    .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .toArray();
        }
    }

    /** Of a moment after this call: what is said at once may be of a second before. */
    private JsonPath status() {
        Instant asked = Instant.now();
        return await().pollInterval(Duration.ofMillis(20))
                .until(
                        () -> {
                            try (RawClient client = RawClient.connect(gateway.management)) {
                                return JsonPath.from(
                                        client.get("/q/relais").answer().text());
                            }
                        },
                        status -> !Instant.parse(status.getString("sampledAt")).isBefore(asked));
    }

    /** Its process dies, which Relais knows for sure once another one answers in its place. */
    private void crashes(String function, String query, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            double before = crashes(function);
            assertEquals(502, get("/api/" + function + query).status());
            await().pollInterval(Duration.ofMillis(10)).until(() -> crashes(function) == before + 1);
        }
    }

    /** The meter begins with the first one. */
    private static double crashes(String function) throws IOException {
        return DoubleStream.of(values("relais_crashes_total{function=\"" + function + "\"}"))
                .sum();
    }

    private void isRefused(String function, String query) throws Exception {
        Answer refused = get("/api/" + function + query);
        assertEquals(503, refused.status());
        assertTrue(refused.text().contains("urn:relais:problem:poisoned"), refused.text());
        assertRetryAfter(PAUSE_SECONDS, refused);
        assertTrue(status().getList("poisoned.function").contains(function));
        assertTrue(metric("relais_refusals_total{reason=\"poisoned\"}") > 0);
        assertTrue(metric("relais_functions_poisoned") > 0);
        assertTrue(gateway.log().contains(REFUSED + function + " "), gateway.log());
    }

    /** What is left of a pause. */
    private static void assertRetryAfter(int pauseSeconds, Answer refused) {
        int seconds = Integer.parseInt(refused.header("Retry-After"));
        assertTrue(seconds > pauseSeconds / 2 && seconds <= pauseSeconds, "Retry-After: " + seconds);
    }

    private void isNeverRefused(String function) throws IOException {
        assertFalse(status().getList("poisoned.function").contains(function));
        assertFalse(gateway.log().contains(REFUSED + function + " "), gateway.log());
    }

    @Test
    void oneThatSegfaultsIsRefusedUntilATrialIsSound() throws Exception {
        String query = "?" + side.query();
        crashes("segfault", query, 5);
        isRefused("segfault", query);

        // The first trial fails, and doubles the pause.
        await().pollInterval(Duration.ofMillis(50))
                .until(() -> get("/api/segfault" + query).status() == 502);
        await().until(() -> crashes("segfault") == 6);
        assertRetryAfter(2 * PAUSE_SECONDS, get("/api/segfault" + query));

        side.open("well");
        await().pollInterval(Duration.ofMillis(50))
                .atMost(Duration.ofSeconds(4 * PAUSE_SECONDS))
                .until(() -> get("/api/segfault" + query).text().equals("well"));
        await().until(() -> !status().getList("poisoned.function").contains("segfault"));
        for (int i = 0; i < 5; i++) {
            assertEquals("well", get("/api/segfault" + query).text());
        }
        assertTrue(gateway.log().contains("Function is served again: function=segfault"), gateway.log());
    }

    @Test
    void onePageOfAnApplicationIsRefusedAndNoOtherPage() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertEquals("page", get("/api/site/page.php").text());
            double before = crashes("site");
            assertEquals(502, get("/api/site/abort.php").status());
            await().pollInterval(Duration.ofMillis(10)).until(() -> crashes("site") == before + 1);
        }
        assertEquals(503, get("/api/site/abort.php").status());
        assertEquals("page", get("/api/site/page.php").text());
        assertEquals("front", get("/api/site/").text());
        assertTrue(status().getList("poisoned.script").contains("/api/site/abort.php"));
        assertTrue(gateway.log().contains(REFUSED + "site script=/api/site/abort.php "), gateway.log());
        assertTrue(gateway.log().contains("exited on signal 6 (SIGABRT"), gateway.log());
    }

    /** Which may take for a request what a script has left unread of a body. */
    @Test
    void withAnOlderPhpNoConnectionIsKeptAfterABody() throws Exception {
        String fault = "CVE-2026-129289 in PHP " + LimitedPhpFpm.VERSION;
        assertTrue(gateway.log().contains(fault), gateway.log());
        try (RawClient client = RawClient.connect(gateway.management)) {
            assertTrue(client.get("/q/health/ready").answer().text().contains(fault));
        }
        try (RawClient client = RawClient.connect(gateway.port)) {
            for (int i = 0; i < 12; i++) {
                String body = "abc" + "x".repeat(20_000);
                client.head("PUT /api/site/part.php HTTP/1.1", "Host: localhost", "Content-Length: " + body.length())
                        .send(body.getBytes(StandardCharsets.US_ASCII));
                Answer answer = client.answer();
                assertEquals(200, answer.status());
                assertTrue(answer.text().matches("\\d+ abc"), answer.text());
            }
        }
    }

    /** As the kernel does when memory runs out: whom it hits is to blame for nothing. */
    @Test
    void processesKilledFromOutsideCostOneRequestEachAtMost() throws Exception {
        int kills = 24;
        killing = true; // the other's call may be on one of the processes, too
        CountDownLatch enough = new CountDownLatch(1);
        ExecutorService callers = Executors.newFixedThreadPool(6);
        try {
            List<Future<Integer>> failures = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                failures.add(callers.submit(() -> {
                    int failed = 0;
                    while (enough.getCount() > 0) {
                        int status = get("/api/brief").status();
                        assertNotEquals(503, status);
                        failed += status == 200 ? 0 : 1;
                    }
                    return failed;
                }));
            }
            for (int i = 0; i < kills; i++) {
                ProcessHandle master = gateway.masters().get(i % 2);
                ProcessHandle victim = master.children().findFirst().orElseThrow();
                victim.destroyForcibly();
                await().pollInterval(Duration.ofMillis(5)).until(() -> !victim.isAlive() && proven() == CHILDREN);
            }
            enough.countDown();
            int failed = 0;
            for (Future<Integer> one : failures) {
                failed += one.get(20, TimeUnit.SECONDS);
            }
            failed += lost.get();
            assertTrue(failed <= kills, failed + " failed requests after " + kills + " kills");
        } finally {
            enough.countDown();
            callers.shutdownNow();
        }
        isNeverRefused("brief");
    }

    /** Children that have answered on their connection. */
    private int proven() throws IOException {
        int proven = 0;
        for (String state : status().<String>getList("workers.children.flatten().state")) {
            proven += state.equals("starting") ? 0 : 1;
        }
        return proven;
    }

    /** PHP overflows its stack, which is a segmentation fault before PHP 8.3. */
    @Test
    void oneOfInfiniteRecursionIsRefusedOrEndsWithPhpsOwnError() throws Exception {
        if (get("/api/recursion").status() == 500) {
            isNeverRefused("recursion"); // zend.max_allowed_stack_size has stopped it
        } else {
            await().pollInterval(Duration.ofMillis(10)).until(() -> crashes("recursion") == 1);
            crashes("recursion", "", 4);
            isRefused("recursion", "");
        }
    }

    /** PHP ends the script, not the process. */
    @Test
    void oneThatRunsOutOfItsMemoryGetsPhpsErrorEachTime() throws Exception {
        for (int i = 0; i < 8; i++) {
            assertEquals(500, get("/api/memory").status());
        }
        isNeverRefused("memory");
    }

    @Test
    void oneThatExitsInTheMiddleIsAnsweredWithWhatItWroteEachTime() throws Exception {
        for (int i = 0; i < 8; i++) {
            Answer answer = get("/api/exit");
            assertEquals(200, answer.status());
            assertEquals("half", answer.text());
        }
        isNeverRefused("exit");
    }

    @Test
    void oneOfInfiniteOutputIsBrokenOffAtItsTimeLimitEachTime() throws Exception {
        for (int i = 0; i < 6; i++) {
            try (RawClient client = RawClient.connect(gateway.port)) {
                client.get("/api/output").answerHead();
                assertThrows(EOFException.class, () -> {
                    while (true) {
                        client.chunk();
                    }
                });
            }
        }
        isNeverRefused("output");
    }

    /** A client that does not read holds it back, and a client that hangs up ends it. */
    @Test
    void oneOfInfiniteOutputEndsWithItsClient() throws Exception {
        try (RawClient client = RawClient.connect(gateway.port)) {
            client.get("/api/output").answerHead();
            client.chunk();
        }
        await().atMost(Duration.ofSeconds(20)).until(this::isWhole);
    }

    @Test
    void oneThatStartsProcessesWithoutEndIsEndedWithAllOfThem() throws Exception {
        startsProcesses("plain");
    }

    @Test
    void processesInSessionsOfTheirOwnAreEndedToo() throws Exception {
        startsProcesses("setsid");
    }

    private void startsProcesses(String command) throws Exception {
        String limits = get("/api/limits").text();
        assertTrue(limits.matches("(?s).*Max processes +%1$d +%1$d .*".formatted(phpFpm.processes())), limits);
        try (Side marks = new Side();
                RawClient client = RawClient.connect(gateway.port)) {
            client.get("/api/processes?command=" + command + "&" + marks.query());
            long child = marks.await("running-");
            long started = marks.await("full-");
            assertTrue(started <= PROCESSES * 2, started + " until the limit");
            List<Long> below = ProcessHandle.of(child)
                    .orElseThrow()
                    .descendants()
                    .map(ProcessHandle::pid)
                    .toList();
            assertTrue(below.size() >= started, below.size() + " of " + started);
            assertFalse(answered.isDone(), "others are served");

            assertEquals(504, client.answer().status());

            Side.awaitEnd(child);
            below.forEach(Side::awaitEnd);
        }
        isNeverRefused("processes");
    }
}
