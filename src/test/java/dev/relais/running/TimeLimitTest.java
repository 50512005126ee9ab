package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Callers;
import dev.relais.testing.Client;
import dev.relais.testing.Protocol;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** At its time limit exactly the child that ran is ended. Other requests are answered all the time. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class TimeLimitTest extends RunningGateway {
    private Callers others;
    private Set<Long> before;

    /** Makes each attempt while another client calls all the time. */
    private void underLoad(Attempt attempt) throws Exception {
        untilProved(side -> {
            await().until(this::isWhole);
            before = pids();
            try (Callers callers = Callers.start(1, http.getPort(), "/api/hello")) {
                others = callers;
                return attempt.with(side);
            }
        });
    }

    private Set<Long> pids() {
        Set<Long> pids = new HashSet<>();
        group.workers().forEach(worker -> {
            for (int i = 0; i < worker.size(); i++) {
                pids.add(worker.slot(i).pid());
            }
        });
        return pids;
    }

    /** This child was replaced by another one, all other children are the same, and every other request was answered. */
    private void assertOnlyThisOneIsReplaced(long pid) throws Exception {
        Side.awaitEnd(pid);
        await().until(() -> !pids().contains(pid));
        others.awaitMore(50);
        others.close();
        await().until(this::isWhole);
        Set<Long> after = pids();
        assertEquals(before.size(), after.size());
        after.removeAll(before);
        assertEquals(1, after.size(), "replaced: " + after);
        assertTrue(before.remove(pid));
        before.forEach(other -> assertTrue(pids().contains(other), "ended too: " + other));
    }

    private static void stop(long pid) throws Exception {
        new ProcessBuilder("/bin/sh", "-c", "kill -s STOP " + pid).start().waitFor();
    }

    @ParameterizedTest
    @EnumSource
    void beforeTheHeadTheClientGetsATimeout(Protocol protocol) throws Exception {
        underLoad(side -> {
            try (Client client = connect(protocol)) {
                assertEquals(
                        504, client.get("/api/limited?" + side.query()).answer().status());
                if (!hasBegun(side)) {
                    return false;
                }
                assertOnlyThisOneIsReplaced(side.await("running-"));
                return true;
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void afterTheHeadTheAnswerIsBrokenOff(Protocol protocol) throws Exception {
        underLoad(side -> {
            try (Client client = connect(protocol)) {
                client.get("/api/limited?head&" + side.query());
                int status = client.head().status();
                if (hadNoTime(status, side)) {
                    return false;
                }
                assertEquals(200, status);
                assertTrue(client.isBrokenOff());
                assertOnlyThisOneIsReplaced(side.await("running-"));
                return true;
            }
        });
    }

    /** A stopped process gets TERM only when it continues, but KILL at once. */
    @Test
    void aStoppedChildIsKilled() throws Exception {
        underLoad(side -> {
            try (RawClient client = connect()) {
                client.get("/api/limited?" + side.query());
                await().pollInterval(Duration.ofMillis(5)).until(() -> hasBegun(side) || !client.isSilent(1));
                if (!hasBegun(side)) {
                    assertEquals(504, client.answer().status());
                    return false;
                }
                long pid = side.await("running-");
                stop(pid);
                assertEquals(504, client.answer().status());
                assertOnlyThisOneIsReplaced(pid);
                return true;
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aChildIsEndedAfterItsAnswerToo(Protocol protocol) throws Exception {
        underLoad(side -> {
            try (Client client = connect(protocol)) {
                if (!isAnswered(client, side)) {
                    return false;
                }
                assertOnlyThisOneIsReplaced(side.await("running-"));
                return true;
            }
        });
    }

    /** Whether a script that works on after its answer has given it before the time limit. */
    private static boolean isAnswered(Client client, Side side) throws IOException {
        Answer answer = client.get("/api/limited?finish&" + side.query()).answer();
        if (hadNoTime(answer.status(), side)) {
            return false;
        }
        assertEquals("answer", answer.text());
        return true;
    }

    @Test
    void aChildStoppedAfterItsAnswerIsKilled() throws Exception {
        underLoad(side -> {
            try (Client client = connect(Protocol.HTTP_1_1)) {
                if (!isAnswered(client, side)) {
                    return false;
                }
            }
            long pid = side.await("running-");
            stop(pid);
            assertFalse(others.hasFailed());
            assertOnlyThisOneIsReplaced(pid);
            return true;
        });
    }
}
