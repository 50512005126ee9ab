package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Attempts;
import dev.relais.testing.Patience;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Six ways in which a function does harm. Meanwhile another function is called all the time, and each of its calls is answered
 * promptly. Afterwards all children are free again, and no process and no descriptor is left over.
 *
 * <p>The workers run under an RLIMIT_NPROC, which limits endless processes. With a gateway of root they run as a user of their
 * own, since the kernel counts by user.
 */
class PoisonIT {
    /** The beginning of the log line about an open breaker; the function's name follows. */
    private static final String REFUSED =
            "Function kills the PHP processes that run it and is refused with 503: function=";

    private static final int CHILDREN = 4;
    private static final int PROCESSES = 64;
    /** By how much the threads of what else the tests of one user run may become more meanwhile: a browser and some gateways. */
    private static final int OTHERS = 512;

    private static final int PAUSE_SECONDS = 4;

    private static Path functions;
    private static LimitedPhpFpm phpFpm;
    private static PackagedGateway gateway;
    private static PackagedStatus status;
    private static Side side;

    private Bystander other;
    private long descriptors; // give or take the test's own connections

    @BeforeAll
    static void start() throws Exception {
        Container.needs(false, "its PHP-FPM is not this host's");
        functions = PoisonScripts.write();
        side = new Side();
        boolean root = System.getProperty("user.name").equals("root");
        phpFpm = LimitedPhpFpm.of(root ? PROCESSES : LimitedPhpFpm.tasks() + OTHERS);
        Map<String, String> settings = new HashMap<>(Map.of(
                "relais.workers.php-fpm", phpFpm.launcher().toString(), "relais.poison.pause", PAUSE_SECONDS + "s"));
        if (root) {
            settings.put("relais.workers.user", "irc");
        }
        gateway = PackagedGateway.start(functions, settings).ready();
        status = new PackagedStatus(gateway);
    }

    @AfterAll
    static void stop() throws Exception {
        if (gateway != null) {
            gateway.close();
            side.close();
            Side.delete(functions);
            phpFpm.close();
        }
    }

    @BeforeEach
    void callAnother() throws Exception {
        await().until(this::isWhole);
        descriptors = gateway.descriptors();
        other = new Bystander(gateway.port);
    }

    /** The other function was served all the time, and nothing is left over. */
    @AfterEach
    void theGatewayIsAsBefore() throws Exception {
        other.close();
        await().until(this::isWhole);
        await().until(() -> gateway.descriptors() <= descriptors + 2);
    }

    /** Whether no child is busy, and the masters have no processes below them but children. */
    private boolean isWhole() throws Exception {
        if (status.metric("relais_worker_children_busy") > 1) { // the others' call
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

    /** Calls a function whose process dies, which Relais knows for sure once another process answers in its place. */
    private void crashes(String function, String query, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            double before = status.crashes(function);
            assertEquals(502, get("/api/" + function + query).status());
            await().pollInterval(Duration.ofMillis(10)).until(() -> status.crashes(function) == before + 1);
        }
    }

    private void isRefused(String function, String query) throws Exception {
        Answer refused = get("/api/" + function + query);
        assertEquals(503, refused.status());
        assertTrue(refused.text().contains("urn:relais:problem:poisoned"), refused.text());
        assertRetryAfter(0, PAUSE_SECONDS, refused);
        assertTrue(status.page().getList("poisoned.function").contains(function));
        assertTrue(status.metric("relais_refusals_total{reason=\"poisoned\"}") > 0);
        assertTrue(status.metric("relais_functions_poisoned") > 0);
        gateway.logs(REFUSED + function + " ");
    }

    /** What is left of a pause, which is more than {@code least}. */
    private static void assertRetryAfter(int least, int pauseSeconds, Answer refused) {
        int seconds = Integer.parseInt(refused.header("Retry-After"));
        assertTrue(seconds > least && seconds <= pauseSeconds, "Retry-After: " + seconds);
    }

    private void isNeverRefused(String function) throws IOException {
        assertFalse(status.page().getList("poisoned.function").contains(function));
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
        await().until(() -> status.crashes("segfault") == 6);
        assertRetryAfter(PAUSE_SECONDS, 2 * PAUSE_SECONDS, get("/api/segfault" + query));

        side.open("well");
        await().pollInterval(Duration.ofMillis(50))
                .until(() -> get("/api/segfault" + query).text().equals("well"));
        await().until(() -> !status.page().getList("poisoned.function").contains("segfault"));
        for (int i = 0; i < 5; i++) {
            assertEquals("well", get("/api/segfault" + query).text());
        }
        gateway.logs("Function is served again: function=segfault");
    }

    @Test
    void onePageOfAnApplicationIsRefusedAndNoOtherPage() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertEquals("page", get("/api/site/page.php").text());
            double before = status.crashes("site");
            assertEquals(502, get("/api/site/abort.php").status());
            await().pollInterval(Duration.ofMillis(10)).until(() -> status.crashes("site") == before + 1);
        }
        assertEquals(503, get("/api/site/abort.php").status());
        assertEquals("page", get("/api/site/page.php").text());
        assertEquals("front", get("/api/site/").text());
        assertTrue(status.page().getList("poisoned.script").contains("/api/site/abort.php"));
        gateway.logs(REFUSED + "site script=/api/site/abort.php ");
        gateway.logs("exited on signal 6 (SIGABRT");
    }

    /** Such a PHP may take for a request what a script has left unread of a body. */
    @Test
    void withAnOlderPhpNoConnectionIsKeptAfterABody() throws Exception {
        String fault = "CVE-2026-129289 in PHP " + LimitedPhpFpm.VERSION;
        gateway.logs(fault);
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

    /** The kernel kills processes when memory runs out, and the function that is hit is not to blame. */
    @Test
    void processesKilledFromOutsideCostOneRequestEachAtMost() throws Exception {
        int kills = 16;
        other.mayLoseItsProcess();
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
                await().pollInterval(Duration.ofMillis(5))
                        .until(() -> !victim.isAlive() && status.proven() == CHILDREN);
            }
            enough.countDown();
            int failed = 0;
            for (Future<Integer> one : failures) {
                failed += one.get(Patience.SECONDS, TimeUnit.SECONDS);
            }
            failed += other.lost();
            assertTrue(failed <= kills, failed + " failed requests after " + kills + " kills");
        } finally {
            enough.countDown();
            callers.shutdownNow();
        }
        isNeverRefused("brief");
    }

    /** PHP overflows its stack, which is a segmentation fault before PHP 8.3. */
    @Test
    void oneOfInfiniteRecursionIsRefusedOrEndsWithPhpsOwnError() throws Exception {
        if (get("/api/recursion").status() == 500) {
            isNeverRefused("recursion"); // zend.max_allowed_stack_size has stopped it
        } else {
            await().pollInterval(Duration.ofMillis(10)).until(() -> status.crashes("recursion") == 1);
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
            Attempts.untilProved(() -> {
                try (RawClient client = RawClient.connect(gateway.port)) {
                    if (!hasBegun(client)) {
                        return false;
                    }
                    assertThrows(EOFException.class, () -> {
                        while (true) {
                            client.chunk();
                        }
                    });
                    return true;
                }
            });
        }
        isNeverRefused("output");
    }

    /** Asks for the infinite output. Says whether its head has come, since on a busy machine the time limit may pass before. */
    private static boolean hasBegun(RawClient client) throws IOException {
        int status = client.get("/api/output").answerHead().status();
        assertTrue(status == 200 || status == 504, "status " + status);
        return status == 200;
    }

    /** A client that does not read holds it back, and a client that hangs up ends it. */
    @Test
    void oneOfInfiniteOutputEndsWithItsClient() throws Exception {
        Attempts.untilProved(() -> {
            try (RawClient client = RawClient.connect(gateway.port)) {
                boolean begun = hasBegun(client);
                if (begun) {
                    client.chunk();
                }
                return begun;
            }
        });
        await().until(this::isWhole);
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
        assertTrue(
                areEnded("processes", command) || areEnded("slowly", command),
                "not all processes were there and seen within 20 s");
    }

    /** Whether the function had all its processes, and they were seen, before its time limit. */
    private boolean areEnded(String function, String command) throws Exception {
        String limits = get("/api/limits").text();
        assertTrue(limits.matches("(?s).*Max processes +%1$d +%1$d .*".formatted(phpFpm.processes())), limits);
        try (Side marks = new Side();
                RawClient client = RawClient.connect(gateway.port)) {
            client.get("/api/" + function + "?command=" + command + "&" + marks.query());
            await().pollInterval(Duration.ofMillis(5)).until(() -> marks.has("full-") || !client.isSilent(1));
            if (!marks.has("full-")) {
                assertEquals(504, client.answer().status());
                await().until(this::isWhole);
                return false;
            }
            long child = marks.await("running-");
            long started = marks.await("full-");
            assertTrue(started <= phpFpm.processes(), started + " until the limit");
            List<Long> below = ProcessHandle.of(child).stream()
                    .flatMap(ProcessHandle::descendants)
                    .map(ProcessHandle::pid)
                    .toList();
            assertFalse(other.hasFailed(), "others are served");

            assertEquals(504, client.answer().status());

            Side.awaitEnd(child);
            below.forEach(Side::awaitEnd);
            isNeverRefused(function);
            return below.size() >= started;
        }
    }
}
