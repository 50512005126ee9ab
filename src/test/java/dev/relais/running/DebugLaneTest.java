package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.slot.Worker;
import dev.relais.testing.Answer;
import dev.relais.testing.Attempts;
import dev.relais.testing.Client;
import dev.relais.testing.DbgpClient;
import dev.relais.testing.DebugSignatures;
import dev.relais.testing.LogLines;
import dev.relais.testing.Patience;
import dev.relais.testing.Protocol;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signed requests, which run where the real Xdebug is loaded, and what becomes of all others meanwhile. */
@QuarkusTest
@TestProfile(DebugProfile.class)
class DebugLaneTest extends RunningGateway {
    private static final int LINE = 6;

    /** Longer than the time limit. */
    private static final Duration LONG = Duration.ofSeconds(3);

    @ConfigProperty(name = "relais.debug.client-port")
    int port;

    private static long now() {
        return System.currentTimeMillis() / 1000;
    }

    private static String signature(String target, String mode) {
        return DebugSignatures.now(DebugProfile.KEY, target, mode);
    }

    private static String signature(String key, String target, long seconds, String mode) {
        return DebugSignatures.of(key, "GET", target, seconds, mode);
    }

    /** The answer of a run that ends in time. On a busy machine a run may not: then there is another one. */
    private Answer debug(String target, String mode, String... fields) {
        return await().until(() -> debugOnce(target, mode, fields), answer -> answer.status() != 504);
    }

    private Answer debugOnce(String target, String mode, String... fields) throws IOException {
        String[] lines = new String[fields.length + 3];
        lines[0] = "GET " + target + " HTTP/1.1";
        lines[1] = "Host: localhost";
        lines[2] = "X-Relais-Debug: " + signature(target, mode);
        System.arraycopy(fields, 0, lines, 3, fields.length);
        return ask(lines);
    }

    /** Sends a request, and reads its answer on another thread. */
    private static Future<Answer> step(Client client, String target) throws IOException {
        client.get(target, "X-Relais-Debug", signature(target, "step"));
        return CompletableFuture.supplyAsync(() -> {
            try {
                return client.answer();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /**
     * Attaches the debugger, and sets the breakpoint. Says whether it could: on a busy machine the time limit may pass before Xdebug has
     * connected.
     */
    private static boolean isAttached(DbgpClient debugger, Future<Answer> answer) throws Exception {
        try {
            String script = debugger.attach(answer);
            if (script != null) {
                assertTrue(script.endsWith("/debugged.php"), script);
                debugger.breakAt(script, LINE);
                return true;
            }
        } catch (EOFException | SocketException e) {
            // It was ended when it had just connected.
        }
        assertEquals(504, answer.get(Patience.SECONDS, TimeUnit.SECONDS).status());
        return false;
    }

    @ParameterizedTest
    @EnumSource
    void aBreakpointStopsTheScriptForLongerThanTheTimeLimitAndNobodyElse(Protocol protocol) throws Exception {
        String target = "/api/debugged?" + protocol;
        Attempts.untilProved(() -> {
            try (DbgpClient debugger = new DbgpClient(port);
                    Client client = connect(protocol)) {
                Future<Answer> answer = step(client, target);
                if (!isAttached(debugger, answer)) {
                    return false;
                }
                assertEquals(LINE, debugger.run());
                assertEquals("42", debugger.variable("$doubled"));

                long begin = System.nanoTime();
                for (int others = 0; others <= 3 * 4 || System.nanoTime() - begin < LONG.toNanos(); others++) {
                    assertEquals(
                            "without 42 ", get("/api/debugged").text(), "it waits for the child at the breakpoint");
                }
                assertEquals("42", debugger.variable("$doubled"), "it is not ended at relais.debug.time-limit");
                assertEquals(-1, debugger.run());
                debugger.detach();

                Answer last = answer.get(Patience.SECONDS, TimeUnit.SECONDS);
                if (last.status() == 504) {
                    return false; // its time limit has passed since the debugger has left
                }
                assertEquals("with 42 XDEBUG_TRIGGER", last.text());
                return true;
            }
        });
    }

    @Test
    void whatRunsWithoutADebuggerHasATimeLimit() throws IOException {
        Answer answer = debugOnce("/api/debugged?seconds=60", "step");

        assertEquals(504, answer.status());
        assertTrue(answer.text().contains("urn:relais:problem:timeout"), answer.text());
    }

    @Test
    void theTimeLimitCountsFromWhereTheDebuggerHasLeft() throws Exception {
        Attempts.untilProved(() -> {
            try (DbgpClient debugger = new DbgpClient(port);
                    Client client = connect(Protocol.HTTP_1_1)) {
                Future<Answer> answer = step(client, "/api/debugged?seconds=60");
                if (!isAttached(debugger, answer)) {
                    return false;
                }
                assertThrows(
                        TimeoutException.class, () -> answer.get(2_500, TimeUnit.MILLISECONDS), "somebody ends it");
                debugger.detach();

                assertEquals(504, answer.get(Patience.SECONDS, TimeUnit.SECONDS).status());
                return true;
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"step", "trace", "profile", "debug"})
    void eachModeHasWorkersOfItsOwn(String mode) throws IOException {
        assertEquals("with 42 XDEBUG_TRIGGER", debug("/api/debugged", mode).text());
        assertEquals(
                "with 42 a,XDEBUG_TRIGGER",
                sorted(debug("/api/debugged", mode, "Cookie: a=b").text()));
    }

    private static String sorted(String text) {
        return text.replace("XDEBUG_TRIGGER,a", "a,XDEBUG_TRIGGER");
    }

    @Test
    void whoHasNoSignatureGetsAnOrdinaryWorker() throws IOException {
        String target = "/api/debugged?XDEBUG_SESSION=1";
        String valid = signature(target, "step");
        for (String field : new String[] {
            "Cookie: XDEBUG_SESSION=1; XDEBUG_TRIGGER=1; XDEBUG_PROFILE=1",
            "X-Relais-Debug: step",
            "X-Relais-Debug: " + signature("another key of some length", target, now(), "step"),
            "X-Relais-Debug: " + signature(DebugProfile.KEY, target, now() - 120, "step"),
            "X-Relais-Debug: " + signature(DebugProfile.KEY, target, now() + 120, "step"),
            "X-Relais-Debug: " + signature("/api/hello", "step"),
            "X-Relais-Debug: " + signature(target, ""),
            "X-Relais-Debug: " + signature(target, "other"),
            "X-Relais-Debug: " + valid.replace(".step.", ".trace."),
            "X-Relais-Debug: " + valid.replace(".step.", "."),
        }) {
            String text =
                    ask("GET " + target + " HTTP/1.1", "Host: localhost", field).text();
            assertTrue(text.startsWith("without 42"), field + " " + text);
        }
        Answer answer = await().until(
                        () -> ask("GET " + target + " HTTP/1.1", "Host: localhost", "X-Relais-Debug: " + valid),
                        last -> last.status() != 504);
        assertTrue(answer.text().startsWith("with 42"), answer.text());
    }

    @Test
    void keptAnswersAreNotForWhoDebugs() throws IOException {
        String target = "/api/kept?head[]=Content-Type:text/plain";
        await().until(() -> get(target).header("Cache-Status").startsWith("Relais; hit"));

        String status = debug(target, "step").header("Cache-Status");
        assertTrue(status == null || !status.contains("hit"), status);
    }

    @Test
    void itsWorkersEndWhenNobodyHasUsedThemForLong() throws IOException {
        try (Side side = new Side();
                LogLines log = new LogLines()) {
            assertEquals(200, debug("/api/debugged?" + side.query(), "trace").status());
            Side.awaitEnd(side.await("pid"));
            await().until(() -> log.lines().anyMatch("Debug workers have been idle and end: mode=trace"::equals));

            assertEquals(200, debug("/api/debugged?" + side.query(), "trace").status(), "and come again");
        }
    }

    @Test
    void nothingOfItIsInTheRankingOrTheMeters() throws IOException {
        double before = meter("relais_invocations_seconds_count");
        for (Worker worker : group.workers()) {
            assertTrue(worker.id() < 2);
        }
        assertEquals(200, debug("/api/debugged", "step").status());
        assertEquals(2, group.workers().size());
        assertEquals(2, balancer.ranked().size());
        assertFalse(Double.isNaN(before));
    }

    @Test
    void theOldestTracesGoThoughNobodyLooksAtThem() throws IOException {
        for (int i = 0; i < 5; i++) {
            assertEquals(200, debug("/api/debugged", "trace").status());
        }
        Path written = group.runDirectory().resolve("debug");
        await().until(() -> {
            try (Stream<Path> files = Files.list(written)) {
                return files.count() == 3; // relais.debug.kept-files
            }
        });
    }

    @Test
    void aClientThatLeavesEndsNothingElse() throws IOException {
        String target = "/api/debugged?seconds=60";
        try (RawClient client = connect()) {
            client.head(
                    "GET " + target + " HTTP/1.1", "Host: localhost", "X-Relais-Debug: " + signature(target, "step"));
            client.vanish();
        }
        assertEquals("without 42 ", get("/api/debugged").text());
        assertEquals("with 42 XDEBUG_TRIGGER", debug("/api/debugged", "step").text());
    }
}
