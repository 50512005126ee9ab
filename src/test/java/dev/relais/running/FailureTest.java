package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts that fail, clients that hang up, time limits. After each test every child is free, see the superclass. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class FailureTest extends RunningGateway {
    @Test
    void aScriptMayDieWithAMessage() throws IOException {
        assertEquals("died", get("/api/end?how=die").text());
        assertEquals(200, get("/api/end?how=exit").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/end?how=throw", "/api/broken/parse"})
    void aScriptThatFailsIsPhpsInternalErrorAndTellsNothing(String target) throws IOException {
        Answer answer = get(target);

        assertEquals(500, answer.status());
        assertEquals("", answer.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"kill", "segfault", "abort"})
    void aProcessThatDiesIsABadGatewayAndTheNextRequestWorks(String how) throws IOException {
        for (int i = 0; i < 8; i++) {
            Answer answer = get("/api/end?how=" + how);

            assertEquals(502, answer.status());
            assertEquals("application/problem+json", answer.header("Content-Type"));
            assertTrue(answer.text().contains("urn:relais:problem:function-failed"));
            assertEquals(200, get("/api/hello").status());
        }
    }

    /** PHP 8.6 ends by SIGABRT when it gets no memory. */
    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7, 8, 11, 24, 25, 31})
    void whicheverSignalEndsTheProcessItIsACrash(int signal) throws IOException {
        double before = crashes();
        assertEquals(502, get("/api/end?how=signal&signal=" + signal).status());
        assertEquals(200, get("/api/hello").status());
        await().until(() -> crashes() == before + 1);
    }

    private double crashes() throws IOException {
        return manage("/q/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith("relais_crashes_total{function=\"end\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void aClientThatHangsUpInAStreamEndsIt() throws IOException {
        try (Side side = new Side()) {
            long pid;
            try (RawClient client = connect()) {
                client.get("/api/endless?" + side.query());
                client.answerHead();
                client.chunk();
                pid = side.await("running-");
                assertEquals(1, busy());
            }
            await().until(this::isWhole);
            assertTrue(Side.runs(pid), "the process serves on, only its script has ended");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"limited", "stubborn"})
    void aFunctionOverItsTimeLimitIsEnded(String function) throws Exception {
        untilProved(side -> {
            long begin = System.nanoTime();
            Answer answer = get("/api/" + function + "?" + side.query());
            Duration took = Duration.ofNanos(System.nanoTime() - begin);

            assertEquals(504, answer.status());
            assertTrue(answer.text().contains("urn:relais:problem:timeout"));
            assertTrue(
                    took.toMillis() >= 500 && took.toSeconds() < 29,
                    took::toString); // the script works for 30 s and more
            if (!hasBegun(side)) {
                return false;
            }
            Side.awaitEnd(side.await("running-"));
            return true;
        });
    }

    @Test
    void aStreamOverItsTimeLimitIsBrokenOff() throws Exception {
        untilProved(side -> {
            try (RawClient client = connect()) {
                if (!isStreamed(client, side)) {
                    return false;
                }
                assertThrows(EOFException.class, () -> {
                    while (client.chunk().length > 0) {}
                });
                Side.awaitEnd(side.await("running-"));
                return true;
            }
        });
    }

    /** Whether the head of a stream has come before its time limit. */
    private static boolean isStreamed(RawClient client, Side side) throws IOException {
        int status =
                client.get("/api/limited?head&" + side.query()).answerHead().status();
        if (hadNoTime(status, side)) {
            return false;
        }
        assertEquals(200, status);
        return true;
    }

    @Test
    void anAbandonedStreamIsEndedAtItsTimeLimitToo() throws Exception {
        untilProved(side -> {
            try (RawClient client = connect()) {
                if (!isStreamed(client, side)) {
                    return false;
                }
            }
            Side.awaitEnd(side.await("running-"));
            return true;
        });
    }

    @Test
    void manyTimeoutsAtOnceLeaveAWholePool() throws Exception {
        try (Side side = new Side()) {
            RawClient[] clients = new RawClient[12];
            for (int i = 0; i < clients.length; i++) {
                clients[i] = connect().get("/api/limited?" + side.query());
            }
            for (RawClient client : clients) {
                assertEquals(504, client.answer().status());
                client.close();
            }
        }
    }

    @Test
    void aProblemWithASecretKeepsIt() throws IOException {
        assertFalse(get("/api/end?how=throw").text().contains("secret"));
    }
}
